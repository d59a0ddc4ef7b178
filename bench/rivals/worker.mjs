// Reads pages with one npm rival: `node worker.mjs NAME < pages`. Measured as bench/rounds.py measures.
import { readFileSync } from "node:fs";
import { Readability } from "@mozilla/readability";
import { Defuddle } from "defuddle/node";
import { JSDOM, VirtualConsole } from "jsdom";
import { parseHTML } from "linkedom";

const ROUNDS = 3;

// Each with the DOM that its own documentation shows first.
const rivals = {
  "@mozilla/readability": async (text, page) => {
    const dom = new JSDOM(text, { url: page.url, virtualConsole: new VirtualConsole() });
    const found = new Readability(dom.window.document).parse();
    if (!found) return { error: "found no post" };
    return { title: found.title, author: found.byline, date: found.publishedTime, html: found.content };
  },
  defuddle: async (text, page) => {
    const { document } = parseHTML(text);
    const found = await Defuddle(document, page.url, { useAsync: false });  // false: it must not ask other servers
    return { title: found.title, author: found.author, date: found.published, image: found.image, html: found.content };
  },
};

async function attempt(read, text, page) {
  try {
    return await read(text, page);
  } catch (error) {
    return { error: String(error) };
  }
}

async function main() {
  // What they print belongs to nobody's answer.
  console.log = console.warn = console.error = console.debug = () => {};
  const read = rivals[process.argv[2]];
  const pages = JSON.parse(readFileSync(0, "utf8"));
  const texts = pages.map((page) => readFileSync(page.file, "utf8"));
  const found = pages.map(() => ({ cpu: Infinity }));
  for (let turn = 0; turn <= ROUNDS; turn++) {
    for (const [number, page] of pages.entries()) {
      const start = process.cpuUsage();
      const answer = await attempt(read, texts[number], page);
      const { user, system } = process.cpuUsage(start);
      if (turn) found[number] = { ...answer, cpu: Math.min((user + system) / 1e6, found[number].cpu) };
    }
  }
  process.stdout.write(JSON.stringify(found));
}

await main();
