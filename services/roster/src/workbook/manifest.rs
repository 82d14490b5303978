//! Which part of the archive is which: the workbook, its sheets, strings and styles.

use std::collections::HashMap;

use super::{
    error::{Found, ReadError},
    package::Package,
    xml::Node,
};

/// What the workbook says it consists of.
pub(super) struct Workbook {
    pub(super) sheets: Vec<SheetPart>,
    pub(super) strings: Option<String>,
    pub(super) styles: Option<String>,
    /// Days are counted from 1904, as old spreadsheets for another machine did.
    pub(super) from_1904: bool,
}

pub(super) struct SheetPart {
    pub(super) title: String,
    pub(super) part: String,
}

struct Relation {
    kind: String,
    part: String,
}

pub(super) fn read(package: &mut Package<'_>) -> Result<Workbook, ReadError> {
    let root = relations(package, "_rels/.rels", "")?;
    let workbook = root
        .into_values()
        .find(|relation| relation.kind.ends_with("/officeDocument"))
        .map(|relation| relation.part)
        .filter(|part| package.has(part))
        .ok_or(ReadError::NotXlsx(Found::Archive))?;
    let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let relations = relations(
        package,
        &join(folder, &format!("_rels/{name}.rels")),
        folder,
    )?;
    let (named, from_1904) = sheets(package, &workbook)?;
    let part_of = |suffix: &str| {
        let relation = relations
            .values()
            .find(|relation| relation.kind.ends_with(suffix))?;
        package.has(&relation.part).then(|| relation.part.clone())
    };
    let strings = part_of("/sharedStrings");
    let styles = part_of("/styles");
    let mut found = Vec::new();
    for (title, id) in named {
        let relation = relations
            .get(&id)
            .ok_or_else(|| ReadError::damaged("лист без содержимого"))?;
        // Charts and dialogs stand among the sheets too; they have no cells.
        if relation.kind.ends_with("/worksheet") {
            found.push(SheetPart {
                title,
                part: relation.part.clone(),
            });
        }
    }
    Ok(Workbook {
        sheets: found,
        strings,
        styles,
        from_1904,
    })
}

fn relations(
    package: &mut Package<'_>,
    part: &str,
    folder: &str,
) -> Result<HashMap<String, Relation>, ReadError> {
    let most = package.meter().limits().parts;
    let mut relations = HashMap::new();
    let mut xml = package.xml(part)?;
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.is("Relationship") => {
                let external = tag
                    .attribute("TargetMode")?
                    .is_some_and(|mode| mode == "External");
                if let (Some(id), Some(kind), Some(target)) = (
                    tag.attribute("Id")?,
                    tag.attribute("Type")?,
                    tag.attribute("Target")?,
                ) && !external
                {
                    relations.insert(
                        id,
                        Relation {
                            kind,
                            part: join(folder, &target),
                        },
                    );
                }
                if relations.len() > most {
                    return Err(ReadError::TooManyParts { limit: most });
                }
            }
            Node::End => return Ok(relations),
            _ => {}
        }
    }
}

/// A path from a folder, with `..` and absolute paths taken as they are meant.
fn join(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder
            .split('/')
            .filter(|piece| !piece.is_empty())
            .collect(),
    };
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            piece => path.push(piece),
        }
    }
    path.join("/")
}

type Named = Vec<(String, String)>;

fn sheets(package: &mut Package<'_>, part: &str) -> Result<(Named, bool), ReadError> {
    let most = package.meter().limits().sheets;
    let mut named = Vec::new();
    let mut from_1904 = false;
    let mut xml = package.xml(part)?;
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.is("workbookPr") => {
                from_1904 = tag
                    .attribute("date1904")?
                    .is_some_and(|on| on == "1" || on == "true");
            }
            Node::Open(tag) if tag.is("sheet") => {
                if let (Some(title), Some(id)) = (tag.attribute("name")?, tag.attribute("id")?) {
                    named.push((title, id));
                }
                if named.len() > most {
                    return Err(ReadError::TooManySheets { limit: most });
                }
            }
            Node::End => return Ok((named, from_1904)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn targets_are_taken_from_the_folder_of_the_workbook() {
        assert_eq!(
            join("xl", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(
            join("xl", "/xl/worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(join("xl", "../../../etc/passwd"), "etc/passwd");
    }
}
