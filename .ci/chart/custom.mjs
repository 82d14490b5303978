// Validates custom resources: reads [{where, module, kind, object}] from standard input, prints one
// problem a line. Runs in the folder that has the npm packages.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const items = JSON.parse(readFileSync(0, 'utf8'));

for (const { where, module, kind, object } of items) {
  const model = await import(module).catch(() => undefined);
  if (!model) {
    console.log(`${where}: no validator for ${module}`);
    continue;
  }
  try {
    new model[kind](object).validate();
  } catch (problem) {
    console.log(`${where}: ${problem.message}`);
  }
}

// Unknown fields: an object literal may not have more fields than its interface.
const file = 'objects.ts';
const source = items
  .map(({ module, kind, object }, n) =>
    `import type { I${kind} as T${n} } from '${module}';\nexport const o${n}: T${n} = ${JSON.stringify(object)};`)
  .join('\n');
const starts = [...source.matchAll(/^import/gm)].map((match) => match.index);
const options = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
host.getSourceFile = (name, ...rest) =>
  name === file ? ts.createSourceFile(name, source, options.target, true) : read.call(host, name, ...rest);
const exists = host.fileExists;
host.fileExists = (name) => name === file || exists(name);

for (const problem of ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))) {
  const index = starts.findLastIndex((start) => start <= (problem.start ?? 0));
  const text = ts.flattenDiagnosticMessageText(problem.messageText, ' ').replaceAll('\n', ' ');
  console.log(`${items[index]?.where ?? 'custom resources'}: ${text}`);
}
