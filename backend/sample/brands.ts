/** One brand of the sample company. */
export interface SampleBrand {
  name: string;
  category: string;
  /** Cards at full scale, in hundreds; all brands together hold 4,000 hundreds. */
  hundreds: number;
  /** Days before the company's `today` on which the brand was connected; `null` for a potential partner. */
  connectedDaysAgo: number | null;
  /** Free text of an account manager. */
  note?: string;
}

function brand(name: string, category: string, hundreds: number, connectedDaysAgo: number | null, note?: string): SampleBrand {
  return note === undefined ? { name, category, hundreds, connectedDaysAgo } : { name, category, hundreds, connectedDaysAgo, note };
}

/** The sixty brands; the partner's number is the place in this list, from 1. Лента is number 12. */
export const sampleBrands: readonly SampleBrand[] = [
  brand('Магнит', 'Продукты', 420, 610),
  brand('Пятёрочка', 'Продукты', 400, 520),
  brand('«Дикси»', 'Продукты', 150, 480),
  brand('Letual', 'Косметика', 189, 430),
  brand('Перекрёсток', 'Продукты', 250, 400),
  brand('Спортмастер', 'Спорт', 190, 380),
  brand('Аптека «Ромашка»', 'Аптеки', 90, 365),
  brand('Ёлки-Палки', 'Кафе', 40, 350),
  brand('Кофе 🦊 Лис', 'Кафе', 45, 340, 'Эмодзи в названии — часть товарного знака 🦊'),
  brand('Домовёнок', 'Для дома', 55, 320),
  brand('BookTime', 'Книги', 50, 300),
  brand('Лента', 'Продукты', 300, 120, 'Просят отчёт каждый понедельник до 10:00'),
  brand('Окей Маркет', 'Продукты', 130, 290),
  brand('М.Техника', 'Электроника', 120, 280),
  brand('Зоомир', 'Зоотовары', 60, 270),
  brand('Бета-Банк', 'Банки', 70, 260),
  brand('Автодор Плюс', 'АЗС', 95, 250),
  brand('Газ & Кофе', 'АЗС', 65, 240),
  brand("O'Tasty", 'Кафе', 35, 235, "Апостроф в названии: O'Tasty, не O`Tasty"),
  brand('Шоколадный дом', 'Кафе', 38, 230),
  brand('Детский остров', 'Детям', 80, 220),
  brand('Улыбка радуги+', 'Косметика', 85, 210),
  brand('Gloria Style', 'Одежда', 60, 200),
  brand('Твой размер', 'Одежда', 45, 190),
  brand('Обувь рядом', 'Обувь', 42, 185),
  brand('Kari Nova', 'Обувь', 40, 180),
  brand('Строим вместе', 'Ремонт', 75, 175),
  brand('Леруша', 'Ремонт', 55, 165),
  brand('Кинолюкс', 'Кино', 50, 160),
  brand('Пицца 24/7', 'Кафе', 36, 150),
  brand('Суши «Якудзо»', 'Кафе', 24, 140),
  brand('ВкусноЕм', 'Продукты', 44, 130),
  brand('Фитнес Plaza', 'Спорт', 22, 110),
  brand('Aqua Mama', 'Детям', 18, 100),
  brand('Дом чая', 'Продукты', 16, 90),
  brand('Оптика Ясно', 'Оптика', 20, 80),
  brand('Цветы 101', 'Цветы', 14, 70),
  brand('Скидка™ Outlet', 'Одежда', 12, 60),
  brand('Телеком Юг', 'Связь', 30, 45),
  brand('Северный ветер', 'Одежда', 0, 2, 'Подключён на этой неделе, карт ещё нет'),
  brand('Ашан Гранд', 'Продукты', 62, null),
  brand('Метро Центр', 'Продукты', 48, null),
  brand('Рив Гош', 'Косметика', 52, null),
  brand('Золотое яблочко', 'Косметика', 40, null),
  brand('Читай-ка', 'Книги', 26, null),
  brand('Burger & Co', 'Кафе', 28, null),
  brand('Аптека 36°', 'Аптеки', 32, null),
  brand('Планета здоровья', 'Аптеки', 24, null),
  brand('Sunny Toys', 'Детям', 16, null),
  brand('Стройдвор', 'Ремонт', 14, null),
  brand('Четыре лапы', 'Зоотовары', 18, null),
  brand('Альфа-Топливо', 'АЗС', 22, null),
  brand('Тандыр №1', 'Кафе', 6, null),
  brand('Хлеб\\Соль', 'Кафе', 5, null, 'Обратная косая черта в названии'),
  brand('100% Sport', 'Спорт', 10, null),
  brand('Ромашка', 'Цветы', 4, null),
  brand('Ювелир "Грань"', 'Украшения', 8, null, '=HYPERLINK("https://example.com","Нажмите")'),
  brand('Мой_Дом', 'Для дома', 9, null),
  brand('Швейный мир', 'Хобби', 5, null),
  brand('Xiaomi Зона', 'Электроника', 11, null),
];
