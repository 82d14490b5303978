//! Roles: what a session may act as.

/// What a person is in the system; the numbers are those of `identity.v1.Role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i16)]
pub enum Role {
    /// Ministry officer.
    MinistryOfficer = 1,
    /// Municipal officer.
    MunicipalOfficer = 2,
    /// Director.
    Director = 3,
    /// Deputy director.
    Deputy = 4,
    /// Administrator of the e-journal.
    Administrator = 5,
    /// Secretary.
    Secretary = 6,
    /// Engineer.
    Engineer = 7,
    /// Holds a staff card.
    Teacher = 8,
    /// Guardian.
    Guardian = 9,
    /// Pupil.
    Pupil = 10,
    /// Operator of the installation.
    Operator = 11,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 11] = [
        Role::MinistryOfficer,
        Role::MunicipalOfficer,
        Role::Director,
        Role::Deputy,
        Role::Administrator,
        Role::Secretary,
        Role::Engineer,
        Role::Teacher,
        Role::Guardian,
        Role::Pupil,
        Role::Operator,
    ];

    /// Of the stored or sent number.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|r| i32::from(*r as i16) == number)
    }

    /// The stored number.
    pub fn number(self) -> i16 {
        self as i16
    }

    /// As in access tokens and policies: `DEPUTY`.
    pub fn name(self) -> &'static str {
        match self {
            Role::MinistryOfficer => "MINISTRY_OFFICER",
            Role::MunicipalOfficer => "MUNICIPAL_OFFICER",
            Role::Director => "DIRECTOR",
            Role::Deputy => "DEPUTY",
            Role::Administrator => "ADMINISTRATOR",
            Role::Secretary => "SECRETARY",
            Role::Engineer => "ENGINEER",
            Role::Teacher => "TEACHER",
            Role::Guardian => "GUARDIAN",
            Role::Pupil => "PUPIL",
            Role::Operator => "OPERATOR",
        }
    }

    /// Follows from facts and is never granted.
    pub fn is_derived(self) -> bool {
        matches!(self, Role::Teacher | Role::Guardian | Role::Pupil)
    }

    /// Reads the diary from home.
    pub fn is_family(self) -> bool {
        matches!(self, Role::Guardian | Role::Pupil)
    }

    /// Can be granted for the whole region.
    pub fn is_regional(self) -> bool {
        matches!(
            self,
            Role::Administrator | Role::MinistryOfficer | Role::Operator
        )
    }

    /// The role that a session with several acts in first: the smaller, the earlier.
    pub fn precedence(self) -> u8 {
        match self {
            Role::Administrator => 0,
            Role::Director => 1,
            Role::Deputy => 2,
            Role::Secretary => 3,
            Role::Engineer => 4,
            Role::Teacher => 5,
            Role::MinistryOfficer => 6,
            Role::MunicipalOfficer => 7,
            Role::Operator => 8,
            Role::Guardian => 9,
            Role::Pupil => 10,
        }
    }
}

/// Sorts roles by precedence and drops repeats.
pub fn in_order(mut roles: Vec<Role>) -> Vec<Role> {
    roles.sort_by_key(|r| r.precedence());
    roles.dedup();
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_those_of_the_contract() {
        use zhurnal_proto::identity::v1::Role as Pb;
        for role in Role::ALL {
            let pb = Pb::try_from(i32::from(role.number())).unwrap();
            assert_eq!(pb.as_str_name(), format!("ROLE_{}", role.name()));
            assert_eq!(Role::from_number(pb.into()), Some(role));
        }
        assert_eq!(Role::from_number(0), None);
    }

    #[test]
    fn a_deputy_who_teaches_acts_as_deputy_first() {
        let roles = in_order(vec![Role::Teacher, Role::Deputy, Role::Teacher]);
        assert_eq!(roles, [Role::Deputy, Role::Teacher]);
    }
}
