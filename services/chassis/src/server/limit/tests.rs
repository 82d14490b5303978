//! The limiter under pressure.

use super::*;

fn limiter(limit: usize, queue: usize) -> Arc<Limiter> {
    Limiter::new(&LimitConfig {
        initial: limit,
        min: limit,
        max: limit,
        queue,
        queue_wait_ms: 10_000,
        streams: 1,
    })
}

async fn started(limiter: &Arc<Limiter>, class: Criticality) -> Option<Permit> {
    let now = Some(Instant::now());
    limiter.acquire(class, now).await.ok()
}

#[tokio::test]
async fn critical_calls_find_room_where_others_do_not() {
    let limiter = limiter(10, 0);
    let mut held = Vec::new();
    while let Some(permit) = started(&limiter, Criticality::Sheddable).await {
        held.push(permit);
    }
    assert_eq!(held.len(), 6);
    while let Some(permit) = started(&limiter, Criticality::Normal).await {
        held.push(permit);
    }
    assert_eq!(held.len(), 9);
    held.push(started(&limiter, Criticality::Critical).await.unwrap());
    assert!(started(&limiter, Criticality::Critical).await.is_none());
}

#[tokio::test]
async fn a_freed_place_goes_to_the_most_critical_waiter() {
    let limiter = limiter(1, 10);
    let first = started(&limiter, Criticality::Normal).await.unwrap();
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel();
    let mut tasks = Vec::new();
    for class in [
        Criticality::Sheddable,
        Criticality::Normal,
        Criticality::Critical,
    ] {
        let (limiter, tx) = (limiter.clone(), tx.clone());
        tasks.push(tokio::spawn(async move {
            let permit = limiter.acquire(class, None).await;
            tx.send(class).unwrap();
            drop(permit);
        }));
    }
    while limiter.lock().queued() < 3 {
        tokio::task::yield_now().await;
    }
    drop(first);
    assert_eq!(rx.recv().await, Some(Criticality::Critical));
    assert_eq!(rx.recv().await, Some(Criticality::Normal));
    assert_eq!(rx.recv().await, Some(Criticality::Sheddable));
}

#[tokio::test]
async fn the_oldest_of_a_class_goes_first_and_after_long_waits_the_newest() {
    let hour = Duration::from_secs(3_600);
    assert_eq!(order_of_three(hour).await, [0, 1, 2]);
    assert_eq!(order_of_three(Duration::ZERO).await, [2, 1, 0]);
}

async fn order_of_three(patience: Duration) -> [usize; 3] {
    let limiter = limiter(1, 10);
    limiter.lock().patience = patience;
    let first = started(&limiter, Criticality::Normal).await.unwrap();
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel();
    for n in 0..3 {
        let (waiting, tx) = (limiter.clone(), tx.clone());
        tokio::spawn(async move {
            let permit = waiting.acquire(Criticality::Normal, None).await.unwrap();
            tx.send(n).unwrap();
            drop(permit);
        });
        while limiter.lock().queued() < n + 1 {
            tokio::task::yield_now().await;
        }
    }
    drop(first);
    let mut order = [0; 3];
    for place in &mut order {
        *place = rx.recv().await.unwrap();
    }
    order
}

#[tokio::test]
async fn a_full_queue_sheds_the_least_critical_first() {
    let limiter = limiter(1, 1);
    let held = started(&limiter, Criticality::Critical).await.unwrap();
    let waiting = limiter.clone();
    let sheddable =
        tokio::spawn(async move { waiting.acquire(Criticality::Sheddable, None).await.err() });
    while limiter.lock().queued() < 1 {
        tokio::task::yield_now().await;
    }
    let normal = limiter.acquire(Criticality::Sheddable, None).await;
    assert!(
        normal.is_err(),
        "a second sheddable call does not push the first out"
    );
    let waiting = limiter.clone();
    let critical =
        tokio::spawn(async move { waiting.acquire(Criticality::Critical, None).await.err() });
    assert!(
        sheddable.await.unwrap().is_some(),
        "the sheddable waiter makes way"
    );
    drop(held);
    assert!(
        critical.await.unwrap().is_none(),
        "the critical call gets the freed place"
    );
}

#[tokio::test]
async fn a_cancelled_waiter_does_not_keep_its_place() {
    let limiter = limiter(1, 10);
    let held = started(&limiter, Criticality::Normal).await.unwrap();
    let waiting = limiter.clone();
    let task = tokio::spawn(async move { waiting.acquire(Criticality::Normal, None).await });
    while limiter.lock().queued() < 1 {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.is_err());
    drop(held);
    assert_eq!(limiter.lock().in_flight, 0);
    assert!(started(&limiter, Criticality::Sheddable).await.is_some());
}

#[tokio::test]
async fn every_place_comes_back_under_a_storm_of_cancellations() {
    let limiter = limiter(4, 64);
    let mut tasks = Vec::new();
    for n in 0..200u64 {
        let limiter = limiter.clone();
        tasks.push(tokio::spawn(async move {
            let deadline = Some(Instant::now() + Duration::from_millis(n % 5));
            if let Ok(permit) = limiter.acquire(Criticality::Normal, deadline).await {
                tokio::task::yield_now().await;
                permit.served("m", Duration::from_micros(n));
            }
        }));
        if n % 3 == 0 {
            tasks.remove(0).abort();
        }
    }
    for task in tasks {
        let _ = task.await;
    }
    crate::server::testing::until(|| limiter.lock().in_flight == 0).await;
}

#[tokio::test]
async fn the_limit_falls_when_latency_grows() {
    let limiter = Limiter::new(&LimitConfig {
        initial: 100,
        min: 4,
        max: 200,
        ..Default::default()
    });
    let start = Instant::now();
    let mut gradient = Gradient::new(100, 4, 200);
    for n in 0..2_000u64 {
        gradient.observe(
            "m",
            Duration::from_millis(10),
            100,
            start + Duration::from_millis(n * 5),
        );
    }
    let calm = gradient.limit();
    for n in 2_000..6_000u64 {
        gradient.observe(
            "m",
            Duration::from_millis(400),
            150,
            start + Duration::from_millis(n * 5),
        );
    }
    assert!(
        calm >= limiter.limit(),
        "steady latency must not lower the limit: {calm}"
    );
    assert!(
        gradient.limit() < calm / 2,
        "{} after {calm}",
        gradient.limit()
    );
}
