//! What another system may be allowed: the scopes that the policies know.

/// All scopes, in the order in which they are offered.
pub const ALL: [&str; 6] = [
    "roster.read",
    "schedule.read",
    "roster.events",
    "schedule.events",
    "grading.events",
    "identity.events",
];

/// The scopes of a list parted by spaces, in the order of [`ALL`]; `None` where one is
/// not among `known`.
pub fn parse<'a>(list: &str, known: &[&'a str]) -> Option<Vec<&'a str>> {
    let wanted: Vec<&str> = list.split_whitespace().collect();
    if !wanted.iter().all(|scope| known.contains(scope)) {
        return None;
    }
    let asked = |scope: &&&str| wanted.contains(*scope);
    Some(known.iter().filter(asked).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scopes_are_those_of_the_policies() {
        let mut named: Vec<&str> = zhurnal_proto::POLICIES
            .split("principal.scopes.contains(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        named.sort_unstable();
        named.dedup();
        let mut all = ALL.to_vec();
        all.sort_unstable();
        assert_eq!(named, all);
    }

    #[test]
    fn a_scope_that_is_not_known_spoils_the_list() {
        let known = ["roster.read", "roster.events"];
        let both = parse("roster.events  roster.read roster.read", &known);
        assert_eq!(both, Some(known.to_vec()));
        assert_eq!(parse("", &known), Some(vec![]));
        assert_eq!(parse("roster.read grading.events", &known), None);
    }
}
