// node tools/release/release.mjs <version> [--write]
// Cuts the changelog's Unreleased section into one of the version, sets the version in package.json and
// its lock file, commits that and tags the commit v<version>. Without --write it only says what it would do.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const UNRELEASED = '## [Unreleased]\n';

function main([version = '', flag]) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) || (flag !== undefined && flag !== '--write')) {
    throw new Error('usage: node tools/release/release.mjs <version, e.g. 1.2.0> [--write]');
  }
  const tag = `v${version}`;
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  const start = changelog.indexOf(UNRELEASED);
  if (start < 0) throw new Error('CHANGELOG.md has no section "## [Unreleased]"');
  const body = start + UNRELEASED.length;
  const next = changelog.indexOf('\n## [', body);
  const notes = changelog.slice(body, next < 0 ? undefined : next).trim();
  if (notes === '') throw new Error('the section "Unreleased" of CHANGELOG.md is empty');
  if (changelog.includes(`\n## [${version}]`))
    throw new Error(`CHANGELOG.md has ${version} already`);
  if (git('tag', '--list', tag) !== '') throw new Error(`the tag ${tag} is there already`);
  if (git('status', '--porcelain') !== '')
    throw new Error('there are changes that are not committed');

  const date = new Date().toISOString().slice(0, 10);
  const heading = `\n## [${version}] - ${date}\n`;
  process.stdout.write(`${heading}\n${notes}\n\n`);
  if (flag === undefined) {
    process.stdout.write(`dry run: --write would commit this and tag it ${tag}\n`);
    return;
  }
  writeFileSync('CHANGELOG.md', changelog.slice(0, body) + heading + changelog.slice(body));
  setVersion('package.json', version, (file) => [file]);
  setVersion('package-lock.json', version, (file) => [file, file.packages['']]);
  git('commit', '--quiet', '--all', '--message', `chore: release ${version}`);
  git('tag', '--annotate', tag, '--message', `${version}\n\n${notes}`, '--cleanup=verbatim');
  process.stdout.write(`tagged ${tag}; publish it with: git push --follow-tags\n`);
}

function setVersion(path, version, entries) {
  const file = JSON.parse(readFileSync(path, 'utf8'));
  for (const entry of entries(file)) entry.version = version;
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
