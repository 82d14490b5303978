//! Archives of CSV files: a package of OneRoster as another system writes one, any slip put into
//! it, and lists as spreadsheets save them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The bytes of an archive of files.
pub fn zipped<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The files of an archive as text.
pub fn files(bytes: &[u8]) -> Result<BTreeMap<String, String>, ZipError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let name = file.name()?.into_owned();
        files.insert(name, text);
    }
    Ok(files)
}

/// The files of a package of ours with every id by the order in which it is met first.
pub fn without_ids(bytes: &[u8]) -> Result<BTreeMap<String, String>, ZipError> {
    const FIRST: [&str; 3] = ["users.csv", "classes.csv", "orgs.csv"];
    let files = files(bytes)?;
    let rest = files.keys().filter(|name| !FIRST.contains(&name.as_str()));
    let order = FIRST.into_iter().chain(rest.map(String::as_str));
    let mut known: Vec<String> = Vec::new();
    let plain = order.filter_map(|name| {
        let text = files.get(name)?;
        Some((name.to_owned(), numbered(text, &mut known)))
    });
    Ok(plain.collect())
}

/// Every run of 32 hexadecimal digits as the number of its first appearance.
fn numbered(text: &str, known: &mut Vec<String>) -> String {
    let mut out = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if bare.len() == 32 && bare.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let at = known.iter().position(|one| one == bare).unwrap_or_else(|| {
                known.push(bare.to_owned());
                known.len() - 1
            });
            out.push_str(&format!("#{at}"));
        } else {
            out.push_str(bare);
        }
        out.push_str(word.get(bare.len()..).unwrap_or_default());
    }
    out
}

/// A package without a slip and without a column of our own: two classes, two groups, three
/// pupils, two guardians, three members of staff.
#[derive(Clone)]
pub struct ForeignPackage {
    files: BTreeMap<&'static str, String>,
}

impl ForeignPackage {
    /// The package.
    pub fn new() -> Self {
        let files = FILES
            .iter()
            .map(|(name, text)| (*name, text.replace('\n', "\r\n")));
        Self {
            files: files.collect(),
        }
    }

    /// Puts one text in the place of another, which must stand there once.
    pub fn change(&mut self, file: &'static str, from: &str, to: &str) -> &mut Self {
        let text = self.files.entry(file).or_default();
        assert_eq!(text.matches(from).count(), 1, "{file}: {from}");
        *text = text.replace(from, to);
        self
    }

    /// Adds a line at the end of a file.
    pub fn push(&mut self, file: &'static str, line: &str) -> &mut Self {
        let text = self.files.entry(file).or_default();
        text.push_str(line);
        text.push_str("\r\n");
        self
    }

    /// Takes a file away.
    pub fn remove(&mut self, file: &'static str) -> &mut Self {
        self.files.remove(file);
        self
    }

    /// Its bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, ZipError> {
        zipped(
            self.files
                .iter()
                .map(|(name, text)| (*name, text.as_bytes())),
        )
    }
}

impl Default for ForeignPackage {
    fn default() -> Self {
        Self::new()
    }
}

const FILES: [(&str, &str); 9] = [
    (
        "manifest.csv",
        "propertyName,value
manifest.version,1.0
oneroster.version,1.2
file.academicSessions,bulk
file.categories,absent
file.classes,bulk
file.courses,bulk
file.demographics,bulk
file.enrollments,bulk
file.orgs,bulk
file.roles,bulk
file.userProfiles,absent
file.users,bulk
source.systemName,Другая система
",
    ),
    (
        "orgs.csv",
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
dist-1,,,Белогорский район,district,,
sch-1,,,МБОУ «Школа № 1»,school,,dist-1
",
    ),
    (
        "academicSessions.csv",
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear
year-27,,,2026/2027,schoolYear,2026-09-01,2027-08-31,,2027
term-1,,,1 четверть,term,2026-09-01,2026-10-23,year-27,2027
term-2,,,2 четверть,term,2026-11-02,2026-12-30,year-27,2027
sem-1,,,1 полугодие,semester,2026-09-01,2026-12-30,year-27,2027
",
    ),
    (
        "courses.csv",
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes
crs-1,,,year-27,Информатика,,,sch-1,Информатика,
",
    ),
    (
        "classes.csv",
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
home-5,,,5-А,05,crs-1,,homeroom,,sch-1,\"term-1,term-2\",,,
home-10,,,А,10,crs-1,,homeroom,,sch-1,sem-1,,,
grp-1,,,5-А Информатика гр.1,05,crs-1,,scheduled,,sch-1,term-1,Информатика,,
grp-2,,,Робототехника,10,crs-1,,scheduled,,sch-1,term-1,,,
",
    ),
    (
        "users.csv",
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns
staff-1,active,2026-08-20T10:00:00.000Z,true,pavlenko,,Ева,Павленко,Львовна,,s001@school.example,,+79781112201,,,,,,,,sch-1,
staff-2,active,2026-08-20T10:00:00.000Z,true,aliev,,Осман,Алиев,Рустемович,,,+79781112202,,,,,,,,,sch-1,
staff-3,active,2026-08-20T10:00:00.000Z,true,belaya,,Анна,Белая,,,,,,,,,,,,,sch-1,
pup-1,active,2026-08-20T10:00:00.000Z,true,ablaeva,,Мария,Аблаева,Тарасовна,,,,,\"par-1,par-2\",05,,,,,,sch-1,
pup-2,active,2026-08-20T10:00:00.000Z,true,kuznetsov,,Пётр,Кузнецов,,,,,,,05,,,,,,sch-1,
pup-3,active,2026-08-20T10:00:00.000Z,true,dzyuba,,Алиса,Дзюба,Петровна,,,,,,10,,,,,,sch-1,
par-1,active,2026-08-20T10:00:00.000Z,true,ablaeva2,,Аза,Аблаева,,,p1@family.example,,+79783334401,pup-1,,,,,,,sch-1,
par-2,active,2026-08-20T10:00:00.000Z,true,rimsky,,Лев,Римский,Львович,,,,+79783334404,,,,,,,,sch-1,
",
    ),
    (
        "roles.csv",
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId
r-1,,,staff-1,primary,principal,,,sch-1,
r-2,,,staff-2,primary,teacher,,,sch-1,
r-3,,,staff-3,primary,aide,,,sch-1,
r-4,,,pup-1,primary,student,,,sch-1,
r-5,,,pup-2,primary,student,,,sch-1,
r-6,,,pup-3,primary,student,,,sch-1,
r-7,,,par-1,primary,parent,,,sch-1,
r-8,,,par-2,primary,guardian,,,sch-1,
",
    ),
    (
        "enrollments.csv",
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
e-1,,,home-5,sch-1,staff-2,teacher,true,,
e-2,,,home-5,sch-1,pup-1,student,false,2026-09-01,2027-05-31
e-3,,,home-5,sch-1,pup-2,student,false,2026-09-01,
e-4,,,home-10,sch-1,pup-3,student,false,2026-09-01,
e-5,,,grp-1,sch-1,pup-1,student,false,2026-09-01,
e-6,,,grp-2,sch-1,pup-2,student,false,2026-09-01,
e-7,,,grp-2,sch-1,pup-3,student,false,2026-09-01,
e-8,,,grp-1,sch-1,staff-2,teacher,true,2026-09-01,
",
    ),
    (
        "demographics.csv",
        "sourcedId,status,dateLastModified,birthDate,sex
pup-1,,,2015-05-15,female
pup-2,,,2015-02-01,male
pup-3,,,2010-02-28,female
par-1,,,,female
",
    ),
];
