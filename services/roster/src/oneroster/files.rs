//! The files of a package and their columns, in the order of the standard.

/// A file that we write and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum File {
    /// What the package holds.
    Manifest,
    /// The school year and its periods.
    AcademicSessions,
    /// Classes (`homeroom`) and groups (`scheduled`).
    Classes,
    /// What classes are of; nothing of it is imported.
    Courses,
    /// Birth dates and sexes.
    Demographics,
    /// Who is in which class.
    Enrollments,
    /// The school, and the municipality as its parent.
    Orgs,
    /// What the people are.
    Roles,
    /// Staff, pupils, guardians.
    Users,
}

impl File {
    /// Every file, in the order in which they stand in our package.
    pub(crate) const ALL: [Self; 9] = [
        Self::Manifest,
        Self::AcademicSessions,
        Self::Classes,
        Self::Courses,
        Self::Demographics,
        Self::Enrollments,
        Self::Orgs,
        Self::Roles,
        Self::Users,
    ];

    /// Its name in the package.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Manifest => "manifest.csv",
            Self::AcademicSessions => "academicSessions.csv",
            Self::Classes => "classes.csv",
            Self::Courses => "courses.csv",
            Self::Demographics => "demographics.csv",
            Self::Enrollments => "enrollments.csv",
            Self::Orgs => "orgs.csv",
            Self::Roles => "roles.csv",
            Self::Users => "users.csv",
        }
    }

    /// The property of the manifest that tells of it.
    pub(crate) fn property(self) -> String {
        format!("file.{}", self.name().trim_end_matches(".csv"))
    }

    /// Without it no school can be made.
    pub(crate) const fn is_required(self) -> bool {
        !matches!(self, Self::Courses)
    }

    /// The columns; those that begin with `metadata.` are our own.
    pub(crate) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Manifest => &["propertyName", "value"],
            Self::AcademicSessions => &[
                "sourcedId",
                "status",
                "dateLastModified",
                "title",
                "type",
                "startDate",
                "endDate",
                "parentSourcedId",
                "schoolYear",
                "metadata.grades",
            ],
            Self::Classes => &[
                "sourcedId",
                "status",
                "dateLastModified",
                "title",
                "grades",
                "courseSourcedId",
                "classCode",
                "classType",
                "location",
                "schoolSourcedId",
                "termSourcedIds",
                "subjects",
                "subjectCodes",
                "periods",
                "metadata.kind",
                "metadata.homeroomSourcedId",
                "metadata.shift",
                "metadata.marks",
            ],
            Self::Courses => &[
                "sourcedId",
                "status",
                "dateLastModified",
                "schoolYearSourcedId",
                "title",
                "courseCode",
                "grades",
                "orgSourcedId",
                "subjects",
                "subjectCodes",
            ],
            Self::Demographics => &[
                "sourcedId",
                "status",
                "dateLastModified",
                "birthDate",
                "sex",
                "americanIndianOrAlaskaNative",
                "asian",
                "blackOrAfricanAmerican",
                "nativeHawaiianOrOtherPacificIslander",
                "white",
                "demographicRaceTwoOrMoreRaces",
                "hispanicOrLatinoEthnicity",
                "countryOfBirthCode",
                "stateOfBirthAbbreviation",
                "cityOfBirth",
                "publicSchoolResidenceStatus",
            ],
            Self::Enrollments => &[
                "sourcedId",
                "status",
                "dateLastModified",
                "classSourcedId",
                "schoolSourcedId",
                "userSourcedId",
                "role",
                "primary",
                "beginDate",
                "endDate",
            ],
            Self::Orgs => &[
                "sourcedId",
                "status",
                "dateLastModified",
                "name",
                "type",
                "identifier",
                "parentSourcedId",
                "metadata.studyWeekDays",
                "metadata.timeZone",
            ],
            Self::Roles => &[
                "sourcedId",
                "status",
                "dateLastModified",
                "userSourcedId",
                "roleType",
                "role",
                "beginDate",
                "endDate",
                "orgSourcedId",
                "userProfileSourcedId",
            ],
            Self::Users => &[
                "sourcedId",
                "status",
                "dateLastModified",
                "enabledUser",
                "username",
                "userIds",
                "givenName",
                "familyName",
                "middleName",
                "identifier",
                "email",
                "sms",
                "phone",
                "agentSourcedIds",
                "grades",
                "password",
                "userMasterIdentifier",
                "preferredGivenName",
                "preferredMiddleName",
                "preferredFamilyName",
                "primaryOrgSourcedId",
                "pronouns",
                "metadata.post",
                "metadata.educationForm",
                "metadata.agentRelations",
                "metadata.agentRepresentatives",
                "metadata.agentInforming",
            ],
        }
    }

    /// Columns without which a package of the file tells nothing of use.
    pub(crate) const fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Manifest => &["propertyName", "value"],
            Self::AcademicSessions => &["sourcedId", "title", "type", "startDate", "endDate"],
            Self::Classes => &["sourcedId", "title", "classType", "schoolSourcedId"],
            Self::Courses => &["sourcedId"],
            Self::Demographics => &["sourcedId", "birthDate", "sex"],
            Self::Enrollments => &["sourcedId", "classSourcedId", "userSourcedId", "role"],
            Self::Orgs => &["sourcedId", "name", "type"],
            Self::Roles => &["sourcedId", "userSourcedId", "role", "orgSourcedId"],
            Self::Users => &["sourcedId", "givenName", "familyName"],
        }
    }
}

/// Files of the standard that we neither write nor read.
pub(crate) const OTHERS: [&str; 14] = [
    "categories",
    "classResources",
    "courseResources",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
    "userFlags",
];
