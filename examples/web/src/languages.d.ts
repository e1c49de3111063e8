/** The languages' codes and names, from the first lines of languages/*.json (vite.config.ts). */
declare module "virtual:languages" {
  const names: Readonly<Record<string, string>>;
  export default names;
}
