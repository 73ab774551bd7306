/** jStat comes without types; these are the functions that Tasksheet calls. */
declare module 'jstat' {
  export const jStat: { normal: { inv(probability: number, mean: number, deviation: number): number } };
  const exported: { jStat: typeof jStat };
  export default exported;
}
