// Parses Snowflake SQL files with polyglot-sql and prints one JSON array: a line of it for each file, in the order given.
//   node check.mjs FILE...   ->   [{ "file", "statements": ["create_table", ...], "error": null | "..." }, ...]
// `statements` names what the parser took each statement for; a file that it cannot parse has none, and the parser's message.
import { readFileSync } from 'node:fs';
import { parse } from '@polyglot-sql/sdk';

const results = process.argv.slice(2).map((file) => {
  const parsed = parse(readFileSync(file, 'utf8'), 'snowflake');
  return parsed.success
    ? { file, statements: [].concat(parsed.ast).map((statement) => Object.keys(statement)[0]), error: null }
    : { file, statements: [], error: parsed.error };
});

process.stdout.write(`[\n${results.map((result) => JSON.stringify(result)).join(',\n')}\n]\n`);
