// Checks what each first screen costs to load, gzipped. Run after `npm run build`.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const LIMITS = { teacher: 60 * KB, screen: 30 * KB, family: 50 * KB };

const root = new URL('..', import.meta.url);
const graph = JSON.parse(readFileSync(new URL('build-graph.json', root), 'utf8'));
const sizes = new Map();

function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(`dist/${file}`, root)), { level: 9 }).length);
  return sizes.get(file);
}

function chunkOf(source) {
  const found = Object.entries(graph).find(([, chunk]) => chunk.source === source);
  if (!found) throw new Error(`${source} is not a chunk of its own`);
  return found[0];
}

/** A chunk with everything that it needs before it can run. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const needed of graph[name].imports) closure(needed, found);
  return found;
}

const scripts = (names) => [...names].reduce((sum, name) => sum + size(name), 0);
const styles = (names) => [...new Set([...names].flatMap((name) => graph[name].css))].reduce((sum, name) => sum + size(name), 0);

const [entry] = Object.entries(graph).find(([, chunk]) => chunk.entry);
const shell = closure(entry);
const screens = Object.entries(graph).filter(([, chunk]) => chunk.source?.startsWith('src/screens/'));
const WORDS = { TeacherToday: 'journal', JournalScreen: 'journal', Journals: 'journal', Corrections: 'journal', Diary: 'family', Marks: 'family', Security: 'safety', Timetable: 'timetable', Looks: 'safety', Loads: 'loads', Calendars: 'calendars', Events: 'events', ChildEvents: 'events', SchoolProfile: 'school', JournalModes: 'school' };
const START = new Set(['Login', 'Register', 'Reset', 'Home', 'Profile', 'Schools']);
const REGISTRIES = new Set(['Registries', 'Rollouts']);
const CONSENTS = new Set(['Consents', 'ClassConsents', 'FamilyConsents']);
const ORDERS = new Set(['Orders', 'OrderScreen']);
const SHEETS = new Set(['ControlSheets', 'ControlSheet', 'Monitorings', 'Monitoring', 'SchoolSheet']);

function screenChunks(name) {
  const found = closure(chunkOf(`src/screens/${name}.svelte`));
  const words =
    WORDS[name] ?? (START.has(name) ? 'start' : REGISTRIES.has(name) ? 'registries' : CONSENTS.has(name) ? 'consents' : ORDERS.has(name) ? 'orders' : SHEETS.has(name) ? 'sheets' : 'office');
  found.add(chunkOf(`src/i18n/ru/${words}.ts`));
  return found;
}

const rows = [];
let failed = false;
function check(what, value, limit) {
  const over = value > limit;
  failed ||= over;
  rows.push(`${over ? 'OVER' : 'ok  '}  ${(value / KB).toFixed(1).padStart(6)} of ${(limit / KB).toFixed(0).padStart(3)} kB gz  ${what}`);
}

const queue = closure(chunkOf('src/journal/queue.ts'));
const table = closure(chunkOf('src/app/staff.ts')).add(chunkOf('src/i18n/ru/staff.ts'));
check('teacher: all script of the first screen, queue included', scripts(new Set([...shell, ...table, ...screenChunks('TeacherToday'), ...queue])), LIMITS.teacher);
const diary = new Set([...shell, ...screenChunks('Diary')]);
check('family: page, script and styles of the diary', size('index.html') + scripts(diary) + styles(diary), LIMITS.family);
for (const [, chunk] of screens.sort(([, a], [, b]) => a.source.localeCompare(b.source))) {
  const name = chunk.source.replace(/^src\/screens\/|\.svelte$/g, '');
  const own = new Set([...screenChunks(name)].filter((file) => !shell.has(file)));
  check(`screen ${name}: script beside the shell, words included`, scripts(own), LIMITS.screen);
}
console.log(`        ${(scripts(shell) / KB).toFixed(1)} kB gz  shell: script that every page needs, Russian words included`);
console.log(`        ${Object.keys(graph).length} chunks`);
console.log(rows.join('\n'));
process.exit(failed ? 1 : 0);
