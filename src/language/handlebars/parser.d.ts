declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  const base: { parse(input: string): unknown }
  export default base
}
