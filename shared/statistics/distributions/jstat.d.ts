/** jStat comes without types; these are the functions that Tasksheet calls. */
declare module 'jstat' {
  interface Calculations {
    normal: { inv(probability: number, mean: number, deviation: number): number };
    hypgeom: { pdf(successesDrawn: number, population: number, successes: number, drawn: number): number };
  }
  const exported: { jStat: Calculations };
  export default exported;
}
