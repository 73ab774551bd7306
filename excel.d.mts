export interface ExcelStep {
  program: string;
  arguments: string[];
  environment: Record<string, string>;
}
export function excelSteps(port?: string): ExcelStep[];
