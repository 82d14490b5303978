//! RecordMarks of many callers at once.

use chassis::{service::Service, testing::eventually};
use futures::{
    FutureExt,
    future::{self, join_all},
};
use tonic::Code;
use zhurnal_proto::grading::v1 as pb;

use crate::{GradingService, testing::*};

/// Every pupil of the class but the first by a request of its own.
fn one_by_one(world: &World) -> Vec<pb::RecordMarksRequest> {
    let request = |n| world.batch(vec![mark(PUPIL + n, "5")]);
    (1..CLASS_SIZE).map(request).collect()
}

async fn send(
    world: &World,
    request: pb::RecordMarksRequest,
) -> Result<pb::RecordMarksResponse, tonic::Status> {
    let answer = world.teacher().record_marks(request).await;
    answer.map(tonic::Response::into_inner)
}

fn applied(answer: &pb::RecordMarksResponse) -> bool {
    verdicts(&answer.results)
        .iter()
        .all(|verdict| *verdict == pb::MarkVerdict::Applied)
}

/// The ledger agrees with the cells; the witnesses do not run here.
async fn sound(world: &World) -> bool {
    let findings = world.verify().await.findings;
    findings.iter().all(|f| f.reason == "WITNESS_UNREACHABLE")
}

chassis::on_both_databases! { GradingService::migrations();
    async fn callers_at_once_share_transactions_and_each_gets_its_own_answer(db) {
        let world = World::on(db).await;
        world.record(vec![mark(PUPIL, "4")]).await;
        world.harness.ignore_announced().await;
        let requests = one_by_one(&world);
        let turns = world.grading.together.hold().await;
        let all = join_all(requests.iter().map(|request| send(&world, request.clone())));
        let begin = async {
            let together = &world.grading.together;
            eventually("all wait", || async { together.waiting() == requests.len() }).await;
            drop(turns);
        };
        let ((answers, ()), cost) = world.harness.counted(future::join(all, begin)).await;
        for (request, answer) in requests.iter().zip(&answers) {
            let answer = answer.as_ref().unwrap();
            assert!(applied(answer), "{answer:?}");
            let cell = answer.results[0].cell.as_ref().unwrap();
            assert_eq!(cell.pupil_id, request.operations[0].pupil_id);
        }
        let saves = u64::try_from(requests.len()).unwrap();
        assert!(cost.commits < saves / 2, "{} commits for {saves} saves", cost.commits);
        assert!(cost.statements < 2 * saves, "{} statements", cost.statements);
        assert_eq!(world.announced().await.len(), requests.len(), "an event of each");
        let again = join_all(requests.into_iter().map(|request| send(&world, request))).await;
        for (first, again) in answers.iter().zip(&again) {
            assert_eq!(first.as_ref().unwrap(), again.as_ref().unwrap());
        }
        assert_eq!(world.announced().await, []);
        assert!(sound(&world).await);
    }

    async fn a_refused_request_takes_no_other_with_it(db) {
        let world = World::on(db).await;
        world.record(vec![mark(PUPIL, "4")]).await;
        let good = join_all(one_by_one(&world).into_iter().map(|request| send(&world, request)));
        let mut other = world.staff(OTHER_TEACHER, &["TEACHER"]);
        let foreign = other.record_marks(world.batch(vec![mark(PUPIL, "2")]));
        let foreign_school = pb::RecordMarksRequest {
            school_id: zhurnal_proto::id::SchoolId::from_uuid(uuid(99)).to_string(),
            ..world.batch(vec![mark(PUPIL, "2")])
        };
        let (good, foreign, nowhere) = tokio::join!(good, foreign, send(&world, foreign_school));
        assert!(good.iter().all(|answer| applied(answer.as_ref().unwrap())));
        assert_eq!(foreign.unwrap_err().code(), Code::NotFound);
        assert_eq!(nowhere.unwrap_err().code(), Code::NotFound);
        assert_eq!(world.announced().await.len(), 1 + good.len());
    }

    async fn a_caller_that_gives_up_takes_nobody_with_it(db) {
        let world = World::on(db).await;
        world.record(vec![mark(PUPIL, "4")]).await;
        let requests = one_by_one(&world);
        // The first ones have begun, one of them for others too, when they are given up.
        let (first, rest) = requests.split_at(6);
        let call = |request: &pb::RecordMarksRequest| send(&world, request.clone());
        let mut given_up = Box::pin(join_all(first.iter().map(call)));
        let mut kept = Box::pin(join_all(rest.iter().map(call)));
        assert!((&mut given_up).now_or_never().is_none());
        let early = (&mut kept).now_or_never();
        drop(given_up);
        let kept = match early {
            Some(answers) => answers,
            None => kept.await,
        };
        for answer in kept {
            assert!(applied(&answer.unwrap()));
        }
        // Given up is not undone: a repeat finds the mark or sets it.
        for request in requests {
            assert!(applied(&send(&world, request).await.unwrap()));
        }
        world.harness.ignore_announced().await;
        assert!(sound(&world).await);
    }
}
