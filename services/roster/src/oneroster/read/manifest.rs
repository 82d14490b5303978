//! manifest.csv: the version, and which files the package says to have.

use std::collections::HashMap;

use super::File;
use super::report::{Fault, Report};
use super::tables::Tables;
use crate::oneroster::files::OTHERS;
use crate::workbook::CsvFile;

const VERSION: Fault = Fault {
    rule: "VERSION_UNSUPPORTED",
    message: "Загружается только OneRoster 1.2 (oneroster.version)",
    hint: "Выгрузите пакет заново в версии 1.2",
};
const DELTA: Fault = Fault {
    rule: "DELTA_UNSUPPORTED",
    message: "Пакет изменений (delta) не загружается: школа создаётся целиком",
    hint: "Выгрузите пакет в режиме bulk",
};
const FILE_MISSING: Fault = Fault {
    rule: "FILE_MISSING",
    message: "Манифест обещает файл, а в архиве его нет",
    hint: "Добавьте файл в архив или укажите в манифесте absent",
};
const FILE_REQUIRED: Fault = Fault {
    rule: "FILE_REQUIRED",
    message: "Без этого файла школу не создать",
    hint: "Добавьте файл в пакет и укажите в манифесте bulk",
};
const NOT_DECLARED: Fault = Fault {
    rule: "FILE_NOT_DECLARED",
    message: "Файл есть в архиве, а манифест говорит absent: он не загружается",
    hint: "",
};
const NOT_SAID: Fault = Fault {
    rule: "MANIFEST_INCOMPLETE",
    message: "Манифест не говорит о файле ни bulk, ни absent; файл прочитан",
    hint: "",
};
const NOT_READ: Fault = Fault {
    rule: "FILE_NOT_READ",
    message: "Этого файла загрузка не касается",
    hint: "",
};
const NO_FILE: Fault = Fault {
    rule: "FILE_UNKNOWN",
    message: "Такого файла нет в OneRoster 1.2, он не загружается",
    hint: "",
};

/// Reads the files that the manifest tells of.
pub(super) fn open<'a>(files: &'a [CsvFile], others: &[String], report: &mut Report) -> Tables<'a> {
    let by_name: HashMap<String, &CsvFile> = files
        .iter()
        .map(|file| (file.name.to_lowercase(), file))
        .collect();
    let found = |file: File| by_name.get(&file.name().to_lowercase()).copied();
    let said = said(found(File::Manifest));
    if said.get("oneroster.version").map(String::as_str) != Some("1.2") {
        let version = said.get("oneroster.version").cloned().unwrap_or_default();
        report.broken(File::Manifest, VERSION, &version);
    }
    for (property, how) in &said {
        if property.starts_with("file.") && how.eq_ignore_ascii_case("delta") {
            report.broken(File::Manifest, DELTA, property);
        }
    }
    let mut tables = Tables::default();
    for file in File::ALL.into_iter().filter(|file| *file != File::Manifest) {
        let how = said.get(&file.property().to_lowercase());
        let how = how.map(|how| how.to_lowercase()).unwrap_or_default();
        let is_absent = how == "absent";
        match found(file) {
            Some(_) if is_absent => report.tell_file(file.name(), "", NOT_DECLARED),
            Some(from) => {
                if how != "bulk" && how != "delta" {
                    report.tell_file(file.name(), &how, NOT_SAID);
                }
                tables.load(file, from, report);
                continue;
            }
            None if how == "bulk" || how == "delta" => {
                report.broken(file, FILE_MISSING, "");
                continue;
            }
            None => {}
        }
        if file.is_required() {
            report.broken(file, FILE_REQUIRED, "");
        }
    }
    left(files, others, report);
    tables
}

/// Properties in small letters.
fn said(manifest: Option<&CsvFile>) -> HashMap<String, String> {
    let records = manifest
        .map(|file| file.records.as_slice())
        .unwrap_or_default();
    let pair = |(_, cells): &(u32, Vec<String>)| {
        let cell = |at: usize| cells.get(at).map(|cell| cell.trim().to_owned());
        Some((cell(0)?.to_lowercase(), cell(1).unwrap_or_default()))
    };
    records.iter().filter_map(pair).collect()
}

/// What is in the archive and not read is named.
fn left(files: &[CsvFile], others: &[String], report: &mut Report) {
    for file in files {
        let own = |one: &File| one.name().eq_ignore_ascii_case(&file.name);
        if File::ALL.iter().any(own) {
            continue;
        }
        let stem = file.name.to_lowercase();
        let known = OTHERS
            .iter()
            .any(|one| format!("{}.csv", one.to_lowercase()) == stem);
        report.tell_file(&file.name, "", if known { NOT_READ } else { NO_FILE });
    }
    for name in others {
        report.tell_file(name, "", NO_FILE);
    }
}
