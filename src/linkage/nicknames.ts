import { hashOf } from './words.ts';

/** First names that one person goes by, a family of names a line. Common in Britain; no list is complete. */
const FAMILIES = `
william bill billy will willy liam
robert bob bobby rob robbie bert
richard rick dick ricky richie dickie
james jim jimmy jamie jem
john jack johnny jon ian sean
edward ted eddie ned teddy
charles charlie chuck chas
henry harry hal
margaret maggie peggy meg greta daisy madge margie rita
elizabeth beth betty liz lizzie eliza bess elsie lisa libby lilibet bessie
catherine katherine kathryn kate katie cathy kathy kitty kath catriona
mary molly polly may mamie maria
sarah sally sadie
anne ann annie nancy anna hannah
dorothy dot dolly dottie
patricia pat patsy trish tricia
patrick paddy pat
michael mick mike micky mikey
anthony tony antony
frederick fred freddie freddy
florence flo florrie
alexander alex sandy alec sasha xander
alexandra alex sandra lexie sasha
christopher chris kit topher
christine chris tina christina chrissie
thomas tom tommy
joseph joe joey
josephine jo josie
daniel dan danny
david dave davey davy
stephen steve steven stevie
andrew andy drew
matthew matt matty
nicholas nick nicky
benjamin ben benny
samuel sam sammy
samantha sam sammy
rebecca becky becca
jennifer jenny jen
jacqueline jackie jacqui
deborah debbie deb
susan sue susie suzanne
barbara babs barbie
theresa teresa terry tess tessa
victoria vicky tori
harold harry hal
leonard len lenny
ronald ron ronnie
raymond ray
geoffrey jeffrey geoff jeff
kenneth ken kenny
terence terry
lawrence laurence larry laurie
gerald gerry jerry
philip phillip phil pip
albert bert bertie al
walter wally walt
eleanor ellen nell nellie nora ellie elinor
helen nell nellie lena ellen
isabella bella isabel isobel izzy belle
frances fran fanny francesca
francis frank
winifred winnie freda
gwendolyn gwen wendy
veronica ronnie vera
georgina georgie gina
mohammed muhammad mohamed mohammad muhammed mohd
`;

const families = new Map<string, Set<number>>();
for (const [family, line] of FAMILIES.trim().split('\n').entries()) {
  for (const name of line.split(' ')) {
    families.set(name, (families.get(name) ?? new Set()).add(family));
  }
}

/** The name families that a plain first name belongs to; none for most. */
export function familiesOf(name: string): ReadonlySet<number> | undefined {
  return families.get(name);
}

const hashes = new Set([...families.keys()].map((name) => hashOf(name)));

/** Can a name with this hash belong to a family? Answered without making its text. */
export const mayHaveFamily = (hash: number): boolean => hashes.has(hash);
