//! The sheet of invitation codes: slips to cut apart and hand over in person.

use jiff::Zoned;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::engine::{Form, Template};
use crate::error::bounded;
use crate::imprint::groups_of_four;
use crate::{PdfError, qr, russian};

/// What a slip costs in memory, measured in table cells.
const CELLS_OF_SLIP: usize = 20;

/// Slips with one code each, eight to an A4 page (R83, R84, R136).
#[derive(Debug, Clone)]
pub struct InvitationSheet {
    /// Short name of the school.
    pub school: String,
    /// Whom the sheet is for: `7-Б класс`, `Сотрудники`.
    pub audience: String,
    /// Address that people type: `zhurnal.example.ru`.
    pub site: String,
    /// The moment of printing, in the school's zone.
    pub made_at: Zoned,
    /// One per code.
    pub slips: Vec<Slip>,
}

/// One person's invitation.
#[derive(Debug, Clone)]
pub struct Slip {
    /// The person invited, in full.
    pub name: String,
    /// Role or relation: `Ученик`, `Мать ученика Петрова Ивана`, `Учитель`.
    pub role: String,
    /// The code, with or without separators; printed in groups of four.
    pub code: String,
    /// What the QR code opens: the registration page with the code in it.
    pub link: String,
    /// The last day on which the code works.
    pub expires: Date,
}

impl InvitationSheet {
    pub(crate) fn form(&self) -> Result<Form<'_>, PdfError> {
        if self.slips.is_empty() {
            return Err(PdfError::Form(
                "a sheet of invitations without slips".into(),
            ));
        }
        bounded(self.slips.len(), CELLS_OF_SLIP)?;
        let codes = self.slips.iter().enumerate();
        let codes =
            codes.map(|(at, slip)| qr::svg(&slip.link).ok_or(PdfError::Qr { slip: at + 1 }));
        Ok(Form {
            template: Template::Invitations,
            made_at: &self.made_at,
            images: codes.collect::<Result<_, _>>()?,
            data: json!({
                "title": format!("Пригласительные коды. {}", self.audience),
                "school": self.school,
                "audience": self.audience,
                "site": self.site,
                "made_at": russian::moment(&self.made_at),
                "slips": self.slips.iter().map(Slip::values).collect::<Vec<_>>(),
            }),
        })
    }
}

impl Slip {
    fn values(&self) -> Value {
        json!({
            "name": self.name,
            "role": self.role,
            "code": groups_of_four(&self.code),
            "expires": russian::long_date(self.expires),
        })
    }
}
