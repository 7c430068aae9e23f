import { expect, it } from 'vitest';
import { wordsFor } from '../../shared/words.ts';

const at = { time: '19:31' };

it.each([
  ['en', 'Corrected 19:31', 'Pinned until 19:31', 'Withdrawn at 19:31', 'As of 19:31'],
  ['uk', 'Виправлено о 19:31', 'Закріплено до 19:31', 'Знято з публікації о 19:31', 'Станом на 19:31'],
  ['ru', 'Исправлено в 19:31', 'Закреплено до 19:31', 'Снято с публикации в 19:31', 'Данные на 19:31'],
])('tells times in %s', (language, corrected, pinned, withdrawn, asOf) => {
  const words = wordsFor(language);
  expect([words.corrected(at), words.pinnedUntil(at)]).toStrictEqual([corrected, pinned]);
  expect([words.withdrawn(at), words.asOf(at)]).toStrictEqual([withdrawn, asOf]);
});

it('says the date where there is one', () => {
  expect(wordsFor('en').corrected({ ...at, date: '24 November' })).toBe('Corrected 19:31, 24 November');
  expect(wordsFor('en').withdrawn({ ...at, date: '24 November' })).toBe('Withdrawn at 19:31, 24 November');
  expect(wordsFor('uk').updated({ ...at, date: '24 листопада' })).toBe('Оновлено 24 листопада о 19:31');
  expect(wordsFor('ru').clarified({ ...at, date: '24 ноября' })).toBe('Уточнено 24 ноября в 19:31');
});

it('says "об" before eleven, as Ukrainian does', () => {
  expect(wordsFor('uk').corrected({ time: '11:05' })).toBe('Виправлено об 11:05');
  expect(wordsFor('uk').corrected({ time: '10:11' })).toBe('Виправлено о 10:11');
});

it.each([
  ['en', ['0 new headlines', '1 new headline', '2 new headlines', '1,200 new headlines']],
  ['uk', ['0 нових новин', '1 нова новина', '2 нові новини', '5 нових новин', '11 нових новин', '21 нова новина']],
  ['ru', ['1 новая новость', '3 новые новости', '12 новых новостей', '22 новые новости', '25 новых новостей']],
])('counts in %s', (language, counted) => {
  const { newHeadlines } = wordsFor(language);
  expect(counted.map((text) => newHeadlines(Number.parseInt(text.replace(',', ''), 10)))).toStrictEqual(counted);
});

it('knows a language by its first part, and speaks English where it has none', () => {
  expect(wordsFor('uk-UA').live).toBe('Наживо');
  expect(wordsFor('RU').live).toBe('Онлайн');
  expect(wordsFor('crh').live).toBe('Live');
  expect(wordsFor('constructor').live).toBe('Live');
});
