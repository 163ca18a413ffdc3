/** How Teams dresses cards, near enough to judge them: its spacing, type sizes and colours. */
export type Theme = 'light' | 'dark';

interface Palette {
  readonly page: string;
  readonly card: string;
  readonly text: string;
  readonly subtle: string;
  readonly line: string;
  readonly button: string;
  readonly primary: string;
  readonly containers: Readonly<Record<'emphasis' | 'accent' | 'good' | 'warning' | 'attention', string>>;
  readonly colours: Readonly<Record<'accent' | 'good' | 'warning' | 'attention', string>>;
}

const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    page: '#f5f5f5',
    card: '#ffffff',
    text: '#242424',
    subtle: '#616161',
    line: '#d1d1d1',
    button: '#ffffff',
    primary: '#5b5fc7',
    containers: {
      emphasis: '#f0f0f0',
      accent: '#e8ebfa',
      good: '#e7f2da',
      warning: '#fbf6d9',
      attention: '#fcebee',
    },
    colours: { accent: '#5b5fc7', good: '#237b4b', warning: '#835c00', attention: '#b3122f' },
  },
  dark: {
    page: '#1f1f1f',
    card: '#292929',
    text: '#ffffff',
    subtle: '#c7c7c7',
    line: '#525252',
    button: '#292929',
    primary: '#4f52b2',
    containers: {
      emphasis: '#3a3a3a',
      accent: '#2f2f4a',
      good: '#1e3a24',
      warning: '#463100',
      attention: '#4b1d26',
    },
    colours: { accent: '#a6a7dc', good: '#92c353', warning: '#f8d22a', attention: '#f1919f' },
  },
};

const css = (palette: Palette): string => `
body { margin: 0; background: ${palette.page}; font-family: 'Segoe UI', 'Liberation Sans', Arial, sans-serif; }
#card { box-sizing: border-box; padding: 8px; overflow: hidden; }
.ac-adaptiveCard { border: 1px solid ${palette.line}; border-radius: 6px; overflow: hidden; }
.ac-input { width: 100%; box-sizing: border-box; font: 14px 'Liberation Sans', Arial, sans-serif; padding: 6px 8px;
  color: ${palette.text}; background: ${palette.page}; border: 1px solid ${palette.line}; border-radius: 4px; }
textarea.ac-input { min-height: 64px; }
.ac-choiceSetInput-expanded .ac-input { width: auto; }
.ac-choiceSetInput-expanded, .ac-choiceSetInput-multiSelect { border: 0; padding: 0; background: none; }
.ac-choiceSetInput-expanded > div > div { padding: 2px 0; }
.ac-pushButton { font: 600 14px 'Liberation Sans', Arial, sans-serif; padding: 6px 12px; border-radius: 4px; min-height: 32px;
  color: ${palette.text}; background: ${palette.button}; border: 1px solid ${palette.line}; }
.ac-pushButton.style-positive, .ac-pushButton.primary { background: ${palette.primary}; color: #fff; border-color: transparent; }
.ac-pushButton.style-destructive { color: ${palette.colours.attention}; border-color: ${palette.colours.attention}; }
.ac-pushButton.style-destructive { background: ${palette.button}; }
`;

export const THEMES: Readonly<Record<Theme, { readonly css: string }>> = {
  light: { css: css(PALETTES.light) },
  dark: { css: css(PALETTES.dark) },
};

/** The host configuration of the JavaScript renderer for a theme. */
export function hostConfig(theme: Theme): object {
  const palette = PALETTES[theme];
  const foregroundColors = Object.fromEntries(
    Object.entries({
      default: palette.text,
      dark: palette.text,
      light: palette.subtle,
      ...palette.colours,
    }).map(([name, colour]) => [
      name,
      { default: colour, subtle: name === 'default' ? palette.subtle : colour },
    ]),
  );
  const containerStyles = Object.fromEntries(
    Object.entries({ default: palette.card, ...palette.containers }).map(([name, backgroundColor]) => [
      name,
      { backgroundColor, foregroundColors },
    ]),
  );
  return {
    fontFamily: "'Segoe UI', 'Liberation Sans', Arial, sans-serif",
    fontSizes: { small: 12, default: 14, medium: 16, large: 20, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: palette.line },
    containerStyles,
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
    inputs: {
      label: {
        inputSpacing: 'small',
        requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
        optionalInputs: { weight: 'bolder' },
      },
      errorMessage: { color: 'attention' },
    },
  };
}
