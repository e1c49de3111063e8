// Lists the public declarations of the npm packages, as the TypeScript compiler reads them.

import { readFile } from "node:fs/promises";
import path from "node:path";

import ts from "typescript";

import { PACKAGE } from "./places.mjs";

const HEADING = `The public declarations of the npm packages. \`cargo xtask api\` writes this file.
A removed or changed line may break users. The declarations include what the exports refer to.
`;

/** What a name may refer to. Members and parameters are part of their declarations. */
const DECLARED =
  ts.SymbolFlags.Class |
  ts.SymbolFlags.Interface |
  ts.SymbolFlags.TypeAlias |
  ts.SymbolFlags.Enum |
  ts.SymbolFlags.Function |
  ts.SymbolFlags.BlockScopedVariable;

/** Returns the exports with types of a package: what users import, and the declarations.
 *
 * @param {string} folder
 * @returns {Promise<[title: string, file: string][]>}
 */
async function entriesOf(folder) {
  const { name, exports } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  /** @type {[string, string][]} */
  const entries = [];
  for (const [place, target] of Object.entries(exports)) {
    const title = path.posix.join(name, place);
    if (target.node) entries.push([`${title} (Node)`, path.join(folder, target.node.types)]);
    if (target.types) entries.push([title, path.join(folder, target.types)]);
  }
  return entries;
}

/** Returns the report. */
export async function apiReport() {
  const entries = [
    ...(await entriesOf(PACKAGE)),
    ...(await entriesOf(path.join(PACKAGE, "codecs"))),
  ];
  const program = ts.createProgram(
    entries.map(([, file]) => file),
    {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      types: [],
      strict: true,
    },
  );
  const checker = program.getTypeChecker();
  const listing = new Listing(checker);
  /** @type {Map<string, string[]>} */
  const sections = new Map();
  for (const [title, file] of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} is not a module`);
    const names = checker.getExportsOfModule(module).map((symbol) => {
      listing.add(symbol);
      return `  ${symbol.name}\n`;
    });
    const exported = names.sort().join("");
    sections.set(exported, [...(sections.get(exported) ?? []), title]);
  }
  const lists = [...sections].map(
    ([exported, titles]) => `\n${titles.map((title) => `## ${title}\n`).join("")}\n${exported}`,
  );
  return `${HEADING}${lists.join("")}\n## Declarations\n${listing.text()}`;
}

/** Collects declarations, and those that they refer to. */
class Listing {
  #printer = ts.createPrinter({ removeComments: true });
  /** @type {Set<ts.Node>} */
  #seen = new Set();
  /** @type {Set<string>} */
  #texts = new Set();

  /** @param {ts.TypeChecker} checker */
  constructor(checker) {
    this.checker = checker;
  }

  /** Adds the declarations of a symbol that are part of the packages.
   *
   * @param {ts.Symbol} symbol
   */
  add(symbol) {
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const resolved = isAlias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if ((resolved.flags & DECLARED) === 0) return;
    for (const declaration of resolved.declarations ?? []) {
      const file = declaration.getSourceFile().fileName;
      const isOurs = !path.relative(PACKAGE, file).startsWith("..");
      if (isOurs && !file.includes("/node_modules/") && !this.#seen.has(declaration)) {
        this.#seen.add(declaration);
        this.#texts.add(this.#print(declaration));
        this.#follow(declaration);
      }
    }
  }

  /** @param {ts.Node} node */
  #follow(node) {
    ts.forEachChild(node, (child) => {
      if (isPrivate(child)) return;
      const symbol = ts.isIdentifier(child) && this.checker.getSymbolAtLocation(child);
      if (symbol) this.add(symbol);
      this.#follow(child);
    });
  }

  /** Returns a declaration without comments and private members.
   *
   * @param {ts.Node} declaration
   */
  #print(declaration) {
    const { factory } = ts;
    let node = declaration;
    if (ts.isClassDeclaration(node)) {
      const { modifiers, name, typeParameters, heritageClauses, members } = node;
      const shown = members.filter((member) => !isPrivate(member));
      node = factory.updateClassDeclaration(
        node,
        modifiers,
        name,
        typeParameters,
        heritageClauses,
        shown,
      );
    }
    const source = declaration.getSourceFile();
    const text = this.#printer.printNode(ts.EmitHint.Unspecified, node, source);
    const isVariable = ts.isVariableDeclaration(declaration);
    return isVariable ? `const ${text};` : text.replace(/^(export |declare |default )+/, "");
  }

  /** Returns the declarations in the order of their texts. */
  text() {
    return [...this.#texts]
      .sort()
      .map((text) => `\n${text}\n`)
      .join("");
  }
}

/** @param {ts.Node} node */
function isPrivate(node) {
  if (!ts.isClassElement(node)) return false;
  if (node.name && ts.isPrivateIdentifier(node.name)) return true;
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
}
