/**
 * Counters and gauges in the Prometheus text format 0.0.4. Labels are ids of the agreement, routes and
 * codes: never anything about a person.
 */
export type Labels = Readonly<Record<string, string>>;

/** A figure that is asked for when somebody looks: such as how many handovers are open at a provider. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly labels?: Labels;
  readonly value: number;
}

export interface Metrics {
  /** Adds one to the counter of that name and labels. */
  count(name: string, help: string, labels?: Labels): void;
  /** Records a duration in seconds in the histogram of that name and labels. */
  time(name: string, help: string, seconds: number, labels?: Labels): void;
  /** Everything, as text. Gauges are asked now; `gauges` may fail, and then the answer says so by itself. */
  render(): Promise<string>;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Histogram {
  readonly buckets: number[];
  sum: number;
  count: number;
}

interface Family<T> {
  readonly help: string;
  readonly series: Map<string, T>;
}

/** @param gauges asked at each look; given by whoever knows the store and the ticker */
export function createMetrics(gauges: () => Promise<readonly Gauge[]> = async () => []): Metrics {
  const counters = new Map<string, Family<{ value: number }>>();
  const histograms = new Map<string, Family<Histogram>>();

  return {
    count(name, help, labels = {}) {
      series(counters, name, help, labels, () => ({ value: 0 })).value += 1;
    },
    time(name, help, seconds, labels = {}) {
      const one = series(histograms, name, help, labels, () => ({
        buckets: BUCKETS.map(() => 0),
        sum: 0,
        count: 0,
      }));
      BUCKETS.forEach((bound, index) => {
        if (seconds <= bound) one.buckets[index] = (one.buckets[index] ?? 0) + 1;
      });
      one.sum += seconds;
      one.count += 1;
    },
    async render() {
      const lines: string[] = [];
      for (const [name, { help, series }] of counters) {
        lines.push(...heading(name, help, 'counter'));
        for (const [labels, { value }] of series) lines.push(`${name}${braced(labels)} ${value}`);
      }
      for (const [name, { help, series }] of histograms) {
        lines.push(...heading(name, help, 'histogram'));
        for (const [labels, one] of series) {
          BUCKETS.forEach((bound, index) => {
            lines.push(`${name}_bucket${braced(labels, `le="${bound}"`)} ${one.buckets[index]}`);
          });
          lines.push(`${name}_bucket${braced(labels, 'le="+Inf"')} ${one.count}`);
          lines.push(
            `${name}_sum${braced(labels)} ${one.sum}`,
            `${name}_count${braced(labels)} ${one.count}`,
          );
        }
      }
      lines.push(...(await gaugeLines(gauges)));
      return `${lines.join('\n')}\n`;
    },
  };
}

async function gaugeLines(gauges: () => Promise<readonly Gauge[]>): Promise<string[]> {
  const lines = heading('baton_figures_up', 'Whether the figures below could be read.', 'gauge');
  let read: readonly Gauge[];
  try {
    read = await gauges();
  } catch {
    return [...lines, 'baton_figures_up 0'];
  }
  lines.push('baton_figures_up 1');
  const byName = Map.groupBy(read, (gauge) => gauge.name);
  for (const [name, family] of byName) {
    lines.push(...heading(name, family[0]?.help ?? '', 'gauge'));
    for (const { labels = {}, value } of family) lines.push(`${name}${braced(labelText(labels))} ${value}`);
  }
  return lines;
}

function series<T>(
  families: Map<string, Family<T>>,
  name: string,
  help: string,
  labels: Labels,
  make: () => T,
): T {
  let family = families.get(name);
  if (!family) {
    family = { help, series: new Map() };
    families.set(name, family);
  }
  const key = labelText(labels);
  const found = family.series.get(key);
  if (found) return found;
  const made = make();
  family.series.set(key, made);
  return made;
}

const heading = (name: string, help: string, type: string): string[] => [
  `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
  `# TYPE ${name} ${type}`,
];

const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const braced = (...parts: string[]): string => {
  const inside = parts.filter((part) => part !== '').join(',');
  return inside === '' ? '' : `{${inside}}`;
};
