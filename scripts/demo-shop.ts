/** What the demo tenant sells, with prices in cents. */
export const demoTeas = [
  ["Oolong", 1290],
  ["Sencha", 990],
  ["Gyokuro", 2490],
  ["Matcha", 1890],
  ["Assam", 690],
  ["Darjeeling", 890],
  ["Ceylon", 590],
  ["Keemun", 1190],
  ["Lapsang Souchong", 1090],
  ["Silver Needle", 2190],
  ["Pu-erh", 1590],
  ["Rooibos", 490],
] as const;

/** Who buys there. */
export const demoPeople = [
  "Ada Lovelace",
  "Grace Hopper",
  "Alan Turing",
  "Edsger Dijkstra",
  "Barbara Liskov",
  "Katherine Johnson",
  "Dennis Ritchie",
  "Frances Allen",
  "Tony Hoare",
  "Radia Perlman",
  "John McCarthy",
  "Margaret Hamilton",
  "Niklaus Wirth",
  "Annie Easley",
  "Donald Knuth",
  "Hedy Lamarr",
  "Claude Shannon",
  "Joan Clarke",
  "Ken Thompson",
  "Mary Jackson",
] as const;
