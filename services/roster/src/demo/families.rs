//! Pupils and parents of a demo school.

use super::book::{Cells, Maker, cells};
use super::names::Name;

impl Maker<'_> {
    /// Pupils and parents. Some families have two children, some are informed on paper,
    /// some grandmothers are no legal representatives.
    pub(super) fn families(&mut self) -> (Vec<Cells>, Vec<Cells>) {
        let (mut pupils, mut guardians) = (Vec::new(), Vec::new());
        let mut older: Option<(usize, Vec<Cells>)> = None;
        for (grade, title) in self.classes.clone() {
            for nth in 0..self.of.pupils_per_class {
                let sibling = older.take().filter(|_| nth == 0);
                let family = sibling
                    .as_ref()
                    .map_or_else(|| self.names.family(), |(family, _)| *family);
                let code = format!("У-{:04}", pupils.len() + 1);
                pupils.push(self.pupil(&code, family, (grade, &title), nth));
                let mut parents = match sibling {
                    Some((_, parents)) => parents,
                    None => self.parents(family, guardians.len()),
                };
                for parent in &mut parents {
                    if let Some(child) = parent.first_mut() {
                        code.clone_into(child);
                    }
                }
                guardians.extend(parents.iter().cloned());
                if nth + 1 == self.of.pupils_per_class && self.dice.percent(50) {
                    older = Some((family, parents));
                }
            }
        }
        (pupils, guardians)
    }

    fn pupil(&mut self, code: &str, family: usize, (grade, class): (u8, &str), nth: u8) -> Cells {
        let female = self.dice.percent(50);
        let name = self.names.of_family(family, female);
        let born = format!(
            "{:02}.{:02}.{}",
            self.dice.below(28) + 1,
            self.dice.below(12) + 1,
            self.of.year - 6 - i16::from(grade)
        );
        let form = if self.dice.percent(1) {
            "надомная"
        } else {
            "очная"
        };
        let subgroup = (nth % 2 + 1).to_string();
        let sex = if female { "Ж" } else { "М" };
        cells([
            code,
            &name.surname,
            &name.given,
            &name.patronymic,
            sex,
            &born,
            class,
            form,
            &subgroup,
            "",
        ])
    }

    fn parents(&mut self, family: usize, number: usize) -> Vec<Cells> {
        let mut parents = Vec::new();
        let mother = self.names.of_family(family, true);
        let informing = if self.dice.percent(4) {
            "бумажная"
        } else {
            "электронная"
        };
        parents.push(self.parent(&mother, "мать", number + 1, informing));
        if self.dice.percent(55) {
            let father = self.names.of_family(family, false);
            parents.push(self.parent(&father, "отец", number + 2, "электронная"));
        } else if self.dice.percent(10) {
            let grandmother = self.names.of_family(family, true);
            parents.push(self.parent(
                &grandmother,
                "бабушка или дедушка",
                number + 2,
                "электронная",
            ));
        }
        parents
    }

    fn parent(&mut self, name: &Name, relation: &str, number: usize, informing: &str) -> Cells {
        let phone = self.phone();
        let email = format!("p{number:05}@family-{}.example", self.of.number);
        cells([
            "",
            &name.surname,
            &name.given,
            &name.patronymic,
            relation,
            &phone,
            &email,
            informing,
            "",
        ])
    }
}
