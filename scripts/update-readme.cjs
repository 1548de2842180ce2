'use strict';

/** Writes the settings table into the README. A test compares the two. */
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { settingsTable } = require('../dist/src/options/table.js');

const file = path.join(__dirname, '../README.md');
const readme = readFileSync(file, 'utf8');
writeFileSync(
  file,
  readme.replace(
    /(<!-- settings -->\n)[\s\S]*?(\n<!-- \/settings -->)/,
    (_all, start, end) => `${start}\n${settingsTable()}\n${end}`,
  ),
);
