import { slavic } from '../plural';

/** Municipalities and what is kept above schools. */
const municipalities = {
  title: 'Муниципалитеты',
  lead: 'Ответственные, рабочие группы, документы, график помощи и обучение к 1 сентября. Без имён.',
  empty: 'Муниципалитетов пока нет',
  emptyHint: 'Муниципалитет появляется вместе с первой школой или добавляется здесь.',
  add: 'Добавить',
  rename: 'Переименовать',
  newTitle: 'Новый муниципалитет',
  name: 'Название',
  saved: 'Муниципалитет сохранён',
  stale: 'Муниципалитет изменил другой сотрудник. Список обновлён, проверьте и повторите.',
  required: 'Напишите название',
  onlyLacking: 'Только с недостатками',
  complete: (n: number, all: number) => `Всё есть: ${n} из ${all}`,
  columns: { title: 'Муниципалитет', schools: 'Школ', measures: 'Исполнено мероприятий', overdue: 'Просрочено', gaps: 'Чего не хватает', actions: 'Действия' },
  of: (n: number, all: number) => `${n} из ${all}`,
  nothingLacks: 'всё есть',
  gaps: {
    MUNICIPAL_GAP_RESPONSIBLE_PERSON: 'ответственный',
    MUNICIPAL_GAP_WORKING_GROUP: 'рабочая группа',
    MUNICIPAL_GAP_WORKING_GROUP_REGULATION: 'положение о рабочей группе',
    MUNICIPAL_GAP_HELP_SCHEDULE: 'график помощи',
    MUNICIPAL_GAP_LIST_OF_MEASURES: 'перечень мероприятий',
    MUNICIPAL_GAP_TRAINING: 'обучение',
  } as Record<string, string>,
  lacks: 'Не хватает к 1 сентября',
  registries: 'Документы и реестры',
  ministry: 'Документы министерства',
  ministryLead: 'Приказы и письма с ссылками на сайт министерства видят сотрудники всех школ.',
  classes: 'Классы',
  schoolSize: (classes: number, pupils: number) =>
    `${classes} ${slavic(classes, 'класс', 'класса', 'классов')}, ${pupils} ${slavic(pupils, 'ученик', 'ученика', 'учеников')}`,
};

export default municipalities;
