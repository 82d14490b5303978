//! The rules of a plan, without a database.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn theme_id(n: u128) -> ThemeId {
    ThemeId::from_uuid(Uuid::from_u128(n))
}

fn text(title: &str, hours: u16, control: ControlKind) -> ThemeText {
    ThemeText {
        section: String::new(),
        title: title.to_owned(),
        hours,
        control,
        homework: String::new(),
    }
}

fn plan(themes: &[(u16, ControlKind)]) -> LessonPlan {
    let themes = themes.iter().zip(1..).map(|((hours, control), n)| Theme {
        id: theme_id(n),
        text: text("Тема", *hours, *control),
    });
    LessonPlan::first("Учебник".into(), themes.collect(), now())
}

fn now() -> Timestamp {
    "2026-09-01T05:30:00Z".parse().unwrap()
}

fn decision() -> Decision {
    Decision {
        by: Some(PersonId::from_uuid(Uuid::from_u128(9))),
        at: now(),
    }
}

const USUAL: ControlKind = ControlKind::Ordinary;
const CONTROL: ControlKind = ControlKind::ControlWork;

#[test]
fn a_plan_is_approved_only_with_exactly_the_required_hours() {
    let ten = plan(&[(4, USUAL), (6, USUAL)]);
    for required in [9, 11] {
        assert_eq!(
            ten.clone().approve(required, false, decision()),
            Err(Refusal::LessonPlanHoursDiffer {
                planned: 10,
                required
            })
        );
    }
    let approved = ten.approve(10, false, decision()).unwrap();
    assert_eq!(approved.head.version, 2);
    assert_eq!(
        approved.clone().approve(10, false, decision()),
        Err(Refusal::LessonPlanApproved)
    );
}

#[test]
fn nobody_approves_an_own_plan() {
    assert_eq!(
        plan(&[(10, USUAL)]).approve(10, true, decision()),
        Err(Refusal::LessonPlanOwn)
    );
}

#[test]
fn a_changed_plan_is_a_draft_again_and_an_unchanged_one_stays() {
    let approved = plan(&[(10, USUAL)]).approve(10, false, decision()).unwrap();
    let (title, themes) = (approved.head.title.clone(), approved.themes.clone());
    assert_eq!(
        approved.clone().put(title.clone(), themes.clone(), now()),
        None
    );
    let renamed = approved.put("Другой".into(), themes, now()).unwrap();
    assert_eq!(
        (&renamed.head.state, renamed.head.version),
        (&State::Draft, 3)
    );
    let returned = renamed.send_back("дополните".into(), decision());
    assert_eq!(returned.head.version, 4);
    // Saving a returned plan as it is tells the deputy that it is ready again.
    let (title, themes) = (returned.head.title.clone(), returned.themes.clone());
    let again = returned.put(title, themes, now()).unwrap();
    assert_eq!(again.head.state, State::Draft);
}

#[test]
fn a_version_that_is_not_the_present_one_is_stale() {
    let plan = plan(&[(1, USUAL)]);
    assert!(plan.clone().seen_as(None).is_ok() && plan.clone().seen_as(Some(1)).is_ok());
    assert_eq!(
        plan.seen_as(Some(2)),
        Err(Refusal::LessonPlanStale { current: 1 })
    );
}

#[test]
fn control_works_at_the_edges_or_in_more_than_a_tenth_of_the_hours_are_pointed_out() {
    let calm = plan(&[(5, USUAL), (1, CONTROL), (4, USUAL)]);
    assert_eq!(calm.warnings(), []);
    let many = plan(&[(5, USUAL), (2, CONTROL), (4, USUAL)]);
    assert_eq!(many.warnings(), [Warning::TooManyControlWorks]);
    for edge in [
        plan(&[(1, CONTROL), (19, USUAL)]),
        plan(&[(19, USUAL), (1, CONTROL)]),
    ] {
        assert_eq!(edge.warnings(), [Warning::ControlWorkAtEdge]);
    }
    assert_eq!(plan(&[]).warnings(), []);
}

#[test]
fn themes_keep_their_ids_and_strange_ones_are_refused() {
    let present = plan(&[(1, USUAL), (2, USUAL)]);
    let asked = |id, title| (id, text(title, 1, USUAL));
    let mut next = 100;
    let mut new_id = || {
        next += 1;
        theme_id(next)
    };
    let themes = number_themes(
        Some(&present),
        vec![asked(Some(theme_id(2)), "Вторая"), asked(None, "Новая")],
        &mut new_id,
    )
    .unwrap();
    assert_eq!(
        themes.iter().map(|theme| theme.id).collect::<Vec<_>>(),
        [theme_id(2), theme_id(101)]
    );
    let misfits = number_themes(
        Some(&present),
        vec![
            asked(Some(theme_id(1)), "Past Simple"),
            asked(Some(theme_id(1)), "Первая"),
            asked(Some(theme_id(7)), "Чужая"),
        ],
        &mut new_id,
    );
    assert_eq!(
        misfits,
        Err(vec![
            Misfit::NotRussian(0),
            Misfit::Twice(1),
            Misfit::Unknown(2)
        ])
    );
    let first = number_themes(None, vec![asked(Some(theme_id(1)), "Первая")], new_id);
    assert_eq!(first, Err(vec![Misfit::Unknown(0)]));
}

#[test]
fn a_title_needs_russian_letters_when_it_has_letters() {
    for title in [
        "Имя существительное",
        "Past Simple: повторение",
        "№ 12, § 3",
        "Ёж",
    ] {
        assert!(is_russian(title), "{title}");
    }
    for title in ["Past Simple", "Überblick", "Ω = 5"] {
        assert!(!is_russian(title), "{title}");
    }
}

#[test]
fn plans_are_counted_by_state_and_only_saved_ones_differ() {
    let approved = State::Approved {
        decision: decision(),
    };
    let counts = Counts::of([
        (None, -34),
        (Some(&State::Draft), -2),
        (Some(&State::Draft), 0),
        (Some(&approved), 0),
    ]);
    let expected = Counts {
        missing: 1,
        draft: 2,
        returned: 0,
        approved: 1,
        differing: 1,
    };
    assert_eq!(counts, expected);
}

proptest! {
    #[test]
    fn whatever_is_approved_has_the_required_hours(
        hours in proptest::collection::vec(1u16..=200, 0..20),
        required in 0u32..2_000,
        own in any::<bool>(),
    ) {
        let themes: Vec<_> = hours.iter().map(|hours| (*hours, USUAL)).collect();
        let planned = plan(&themes).hours();
        prop_assert_eq!(planned, hours.iter().map(|one| u32::from(*one)).sum::<u32>());
        let approved = plan(&themes).approve(required, own, decision());
        prop_assert_eq!(approved.is_ok(), planned == required && !own);
    }
}
