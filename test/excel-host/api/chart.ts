import { Chart, type Series } from '../model/chart.ts';
import type { Worksheet } from '../model/worksheet.ts';
import { describe } from './api.ts';

export class ChartList {
  readonly sheet: Worksheet;

  constructor(sheet: Worksheet) {
    this.sheet = sheet;
  }
}

class ChartTitle {
  readonly chart: Chart;

  constructor(chart: Chart) {
    this.chart = chart;
  }
}

class SeriesList extends ChartTitle {}

class ChartSeries {
  readonly chart: Chart;
  readonly series: Series;

  constructor(chart: Chart, series: Series) {
    this.chart = chart;
    this.series = series;
  }
}

describe(ChartList, {
  name: 'ChartCollection',
  get: { count: (self) => self.sheet.charts.length },
  items: (self) => self.sheet.charts,
  item: (self, key) => self.sheet.charts.find((chart) => chart.name === key || chart.id === key),
  call: {
    add: (self, given) => {
      const chart = new Chart(self.sheet, given.text(0), given.range(1, (address) => self.sheet.range(address)));
      self.sheet.charts.push(chart);
      return chart;
    },
    getCount: (self) => self.sheet.charts.length,
  },
});

const sizes = ['top', 'left', 'width', 'height'] as const;

describe(Chart, {
  name: 'Chart',
  id: (self) => self.id,
  get: { id: (self) => self.id, name: (self) => self.name, chartType: (self) => self.kind, ...Object.fromEntries(sizes.map((side) => [side, (self: Chart) => self[side]])) },
  set: { name: (self, value) => (self.name = String(value)), ...Object.fromEntries(sizes.map((side) => [side, (self: Chart, value: unknown) => (self[side] = Number(value))])) },
  open: { title: (self) => new ChartTitle(self), series: (self) => new SeriesList(self), worksheet: (self) => self.sheet },
  call: {
    setData: (self, given) => self.setData(given.range(0, (address) => self.sheet.range(address))),
    setPosition: (self, given) => {
      const read = (address: string): ReturnType<Worksheet['range']> => self.sheet.range(address);
      self.position = { from: given.range(0, read), to: given.any(1) === undefined ? undefined : given.range(1, read) };
    },
    delete: (self) => self.sheet.charts.splice(self.sheet.charts.indexOf(self), 1),
  },
});

describe(ChartTitle, {
  name: 'ChartTitle',
  get: { text: (self) => self.chart.title, visible: (self) => self.chart.titleVisible },
  set: { text: (self, value) => (self.chart.title = String(value)), visible: (self, value) => (self.chart.titleVisible = Boolean(value)) },
});

describe(SeriesList, {
  name: 'ChartSeriesCollection',
  get: { count: (self) => self.chart.series.length },
  items: (self) => self.chart.series.map((series) => new ChartSeries(self.chart, series)),
  call: {
    add: (self, given) => {
      const series = { name: given.optionalText(0) ?? '' };
      self.chart.series.push(series);
      return new ChartSeries(self.chart, series);
    },
    getCount: (self) => self.chart.series.length,
  },
});

describe(ChartSeries, {
  name: 'ChartSeries',
  get: { name: (self) => self.series.name },
  set: { name: (self, value) => (self.series.name = String(value)) },
  call: {
    setValues: (self, given) => (self.series.values = given.range(0, (address) => self.chart.sheet.range(address))),
    setXAxisValues: (self, given) => (self.series.categories = given.range(0, (address) => self.chart.sheet.range(address))),
    delete: (self) => self.chart.series.splice(self.chart.series.indexOf(self.series), 1),
  },
});
