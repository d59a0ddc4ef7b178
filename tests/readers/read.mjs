// Reads feeds with a parser of the npm world and prints what it found as JSON.
//   node read.mjs (feedsmith|rss-parser) URL     once
//   node read.mjs (feedsmith|rss-parser)         one line for each line of its input, "URL ETAG"
import { createInterface } from "node:readline";
import { parseFeed } from "feedsmith";
import RssParser from "rss-parser";

const [parser, once] = process.argv.slice(2);
const parse = { feedsmith: parseFeed, "rss-parser": (xml) => new RssParser().parseString(xml) }[parser];

if (once) {
  const response = await fetch(once);
  const found = await parse(await response.text());
  console.log(JSON.stringify({ type: response.headers.get("content-type"), found }, null, 1));
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    const [url, etag] = line.split(" ");
    const response = await fetch(url, { headers: etag ? { "If-None-Match": etag } : {} });
    const text = await response.text();
    const found = response.status === 200 ? await parse(text) : null;
    console.log(JSON.stringify({ status: response.status, etag: response.headers.get("etag"), found }));
  }
}
