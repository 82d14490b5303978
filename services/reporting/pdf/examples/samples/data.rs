//! Invented forms of a chosen size: the same for the tests and for looking at.

use jiff::civil::{Date, date};
use jiff::{Zoned, tz::TimeZone};
use reporting_pdf::{
    Absences, Align, Cell, ClassReport, Column, Imprint, InvitationSheet, LedgerCheck, Mean,
    Orientation, Pupil, Row, Signature, Slip, Summary, TableReport,
};

const NAMES: [(&str, &str); 25] = [
    ("Абдураманова Эльзара", "Османовна"),
    ("Белоконь Софья", "Андреевна"),
    ("Вербицкий Пётр", "Ильич"),
    ("Гончаренко Екатерина", "Викторовна"),
    ("Джемилев Осман", "Рустемович"),
    ("Ефимова Алиса", "Сергеевна"),
    ("Ёлкин Матвей", "Денисович"),
    ("Жуковский Лев", "Павлович"),
    ("Заремба Мария", "Олеговна"),
    ("Ибрагимов Тимур", "Эскендерович"),
    ("Константинопольская Анастасия", "Александровна"),
    ("Куртсеитова Алие", "Наримановна"),
    ("Лысенко Богдан", "Тарасович"),
    ("Меметова Севиля", "Энверовна"),
    ("Назаренко Ксения", "Игоревна"),
    ("Остапенко Яна", "Романовна"),
    ("Петров Иван", "Сергеевич"),
    ("Романюк Дарья", "Михайловна"),
    ("Сейдаметова Зарема", "Ленуровна"),
    ("Ткаченко Артём", "Юрьевич"),
    ("Умеров Амет", "Айдерович"),
    ("Фёдорова Полина", "Дмитриевна"),
    ("Хайбуллаев Эмир", "Серверович"),
    ("Щербаков-Чернышевский Александр", "Константинович"),
    ("Ярошенко Вера", "Антоновна"),
];
const SUBJECTS: [&str; 24] = [
    "Русский язык",
    "Литература",
    "Иностранный язык (английский)",
    "Алгебра",
    "Геометрия",
    "Вероятность и статистика",
    "Информатика",
    "История",
    "Обществознание",
    "География",
    "Физика",
    "Химия",
    "Биология",
    "Музыка",
    "Изобразительное искусство",
    "Технология",
    "Физическая культура",
    "Основы безопасности и защиты Родины",
    "Крымскотатарский язык",
    "Крымоведение",
    "Родной язык",
    "Проектная деятельность",
    "Шахматы",
    "Разговоры о важном",
];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(limit)) as u32
    }
}

pub fn moment(day: Date, hour: i8, minute: i8) -> Zoned {
    let zone = TimeZone::fixed(jiff::tz::offset(3));
    day.at(hour, minute, 0, 0)
        .to_zoned(zone)
        .expect("a fixed offset has every hour")
}

pub fn imprint() -> Imprint {
    Imprint {
        school: "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 12»".into(),
        place: "г. Симферополь, Республика Крым".into(),
        as_of: moment(date(2026, 12, 26), 8, 10),
        made_at: moment(date(2026, 12, 26), 8, 12),
        ledger: Some(LedgerCheck {
            value: "9f3a11c2d40be7715a6c0e94b81f2d3377ac5519e0d24c8fb60917aa3cde5f10".into(),
            covers: "18 204 записи до 26.12.2026 08:10".into(),
        }),
        signatures: vec![
            Signature { post: "Классный руководитель".into(), name: "Меметова А. И.".into() },
            Signature { post: "Заместитель директора по УВР".into(), name: "Гончаренко Е. В.".into() },
            Signature { post: "Директор".into(), name: String::new() },
        ],
    }
}

/// Surname and given name, a number in front once the list is used up.
pub fn name(at: usize) -> String {
    let (name, _) = NAMES[at % NAMES.len()];
    match at / NAMES.len() {
        0 => name.to_owned(),
        again => format!("{name} ({})", again + 1),
    }
}

/// `closed` tells whether the period has its results or only marks so far.
pub fn class_report(pupils: usize, subjects: usize, closed: bool) -> ClassReport {
    let mut dice = Dice(7);
    ClassReport {
        imprint: imprint(),
        class: "7-Б".into(),
        period: "II четверть 2026/27 учебного года".into(),
        class_teacher: "Меметова А. И.".into(),
        subjects: (0..subjects)
            .map(|at| SUBJECTS[at % SUBJECTS.len()].to_owned())
            .collect(),
        pupils: (0..pupils)
            .map(|at| pupil(at, subjects, closed, &mut dice))
            .collect(),
        summaries: [
            "Успеваемость, %",
            "Качество знаний, %",
            "Степень обученности (СОУ), %",
        ]
        .map(|label| Summary {
            label: label.into(),
            values: (0..subjects)
                .map(|_| format!("{},{}", 40 + dice.below(60), dice.below(10)))
                .collect(),
            overall: "71,4".into(),
        })
        .into(),
    }
}

fn pupil(at: usize, subjects: usize, closed: bool, dice: &mut Dice) -> Pupil {
    let cells = (0..subjects)
        .map(|subject| (at % 9 != 8 || subject % 11 != 3).then(|| cell(closed, dice)))
        .collect();
    Pupil {
        name: name(at),
        cells,
        overall: Mean::new(u64::from(30 + dice.below(20)), 10),
        absences: Absences {
            illness: if at.is_multiple_of(3) {
                dice.below(40)
            } else {
                0
            },
            valid: dice.below(6),
            unexcused: if at.is_multiple_of(5) {
                dice.below(9)
            } else {
                0
            },
            late: dice.below(4),
        },
    }
}

fn cell(closed: bool, dice: &mut Dice) -> Cell {
    let marks = dice.below(14);
    let sum = (0..marks).map(|_| u64::from(2 + dice.below(4))).sum();
    let result = match (closed, marks) {
        (false, _) => None,
        (true, 0) => Some("н/а".to_owned()),
        (true, 13) => Some("осв.".to_owned()),
        (true, _) => Some((2 + dice.below(4)).to_string()),
    };
    Cell {
        result,
        average: Mean::new(sum, u64::from(marks)),
        marks,
    }
}

pub fn invitations(slips: usize) -> InvitationSheet {
    let mut dice = Dice(11);
    const SIGNS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
    InvitationSheet {
        school: "МБОУ «СОШ № 12»".into(),
        audience: "7-Б класс".into(),
        site: "zhurnal.school12.example".into(),
        made_at: imprint().made_at,
        slips: (0..slips)
            .map(|at| {
                let code: String = (0..16)
                    .map(|_| char::from(SIGNS[dice.below(30) as usize]))
                    .collect();
                Slip {
                    name: format!("{} {}", name(at), NAMES[at % NAMES.len()].1),
                    role: if at % 3 == 0 {
                        "Ученик (ученица)".into()
                    } else {
                        format!("Законный представитель: {}", name(at / 3))
                    },
                    link: format!("https://zhurnal.school12.example/join#{code}"),
                    code,
                    expires: date(2027, 1, 31),
                }
            })
            .collect(),
    }
}

pub fn table(rows: usize) -> TableReport {
    let mut dice = Dice(13);
    let column = |title: &str, align, share| Column {
        title: title.into(),
        align,
        share,
    };
    let mut body: Vec<Row> = (0..rows)
        .map(|at| {
            let mut cells = vec![
                (at + 1).to_string(),
                name(at),
                SUBJECTS[at % SUBJECTS.len()].to_owned(),
                format!("{}-А", 5 + at % 7),
            ];
            cells.extend((0..4).map(|_| dice.below(30).to_string()));
            cells.push(format!("{},{}", dice.below(100), dice.below(10)));
            Row {
                cells,
                emphasis: false,
            }
        })
        .collect();
    let total = [
        "",
        "Всего по школе",
        "",
        "",
        "412",
        "87",
        "19",
        "233",
        "64,2",
    ];
    body.push(Row {
        cells: total.map(String::from).into(),
        emphasis: true,
    });
    TableReport {
        imprint: imprint(),
        title: "Контроль ведения журнала".into(),
        subtitle: "14–19 декабря 2026 г.".into(),
        orientation: Orientation::Portrait,
        columns: vec![
            column("№", Align::End, 0),
            column("Учитель", Align::Start, 3),
            column("Предмет", Align::Start, 3),
            column("Класс", Align::Center, 0),
            column("Уроков", Align::End, 1),
            column("Без темы", Align::End, 1),
            column("Внесено с опозданием", Align::End, 1),
            column("Без отметок", Align::End, 1),
            column("Накопляемость, %", Align::End, 1),
        ],
        rows: body,
        notes: vec![
            "Внесено с опозданием: позже часа после последнего урока класса в этот день.".into(),
        ],
    }
}
