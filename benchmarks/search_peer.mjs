// MiniSearch over the names in the file that is named first; rankings and their cost go to standard output.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const MiniSearch = createRequire(`${process.cwd()}/`)("minisearch");
const { names, queries, kept } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const variants = {
  "MiniSearch, exact words": {},
  "MiniSearch, fuzzy 0.2 and prefix": { fuzzy: 0.2, prefix: true },
};

const engine = new MiniSearch({ fields: ["text"], idField: "number" });
engine.addAll(names.map((name, number) => ({ number, text: name.text })));

const found = {};
for (const [variant, options] of Object.entries(variants)) {
  const before = process.cpuUsage();
  const hits = queries.map((query) =>
    engine.search(query, options).slice(0, kept).map((hit) => [names[hit.id].id, hit.score]),
  );
  const spent = process.cpuUsage(before);
  found[variant] = { hits, ms: (spent.user + spent.system) / 1000 / queries.length };
}
process.stdout.write(JSON.stringify(found));
