// Reads a feed with a parser of the npm world and prints what it found as JSON: node read.mjs (feedsmith|rss-parser) URL
import { parseFeed } from "feedsmith";
import RssParser from "rss-parser";

const [parser, url] = process.argv.slice(2);
const response = await fetch(url);
const text = await response.text();
const read = { feedsmith: parseFeed, "rss-parser": (xml) => new RssParser().parseString(xml) }[parser];
console.log(JSON.stringify({ type: response.headers.get("content-type"), found: await read(text) }, null, 1));
