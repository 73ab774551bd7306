export type { AlertEvent, Alerts, Evaluation, Finding } from './alerts.ts';
export { drawChart } from './chart.ts';
export { openAlerts } from './open-alerts.ts';
export type { StandInChannel } from './open-channels.ts';
export { questionNews } from './question-news.ts';
