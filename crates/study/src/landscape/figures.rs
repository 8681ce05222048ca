//! The figures of a landscape.

use nablab_report::figure::OVER_MAP;
use nablab_report::{Axis, Figure, Layer, Map, Stroke};

use super::{Knob, Landscape, LandscapePlan, Surface};

/// How far the weights of the initialisation lab are spread: He's of its three layers, and the large ones.
const HE: (f64, f64) = (0.447, 1.0);
const LARGE: f64 = 10.0;

fn axis(knob: &Knob) -> Axis {
    let label = match knob.name.as_str() {
        "learning_rate" => "learning rate".to_owned(),
        "init.normal.scale" => "standard deviation of the first weights".to_owned(),
        name => name.to_owned(),
    };
    Axis {
        label: Some(label),
        limits: Some(knob.ends()),
        log: knob.domain.is_log(),
        whole: knob.domain.is_whole(),
        ..Axis::default()
    }
}

/// Loss at the end, and steps until a loss was reached.
pub(super) fn landscape(landscape: &Landscape, plan: &LandscapePlan, is_lab: bool) -> [Figure; 2] {
    let map = |values: Vec<f64>, label: &str, without: &str, limits| Map {
        x: plan.x.ends(),
        y: plan.y.ends(),
        columns: landscape.size,
        rows: landscape.size,
        values,
        color: Axis { limits, log: true, ..Axis::labelled(label) },
        without: Some(without.to_owned()),
        levels: Vec::new(),
    };
    let figure = |name: &str, title: String, map: Map| {
        let mut layers = vec![Layer::Map(map)];
        if is_lab && plan.y.name == "init.normal.scale" {
            layers.extend(marks(plan));
        }
        let caption = title.clone();
        let (x, y) = (axis(&plan.x), axis(&plan.y));
        Figure { name: name.into(), title: Some(title), x, y, layers, caption, ..Figure::default() }
    };
    let losses: Vec<f64> = landscape.cells.iter().map(|cell| cell.loss).collect();
    // Beyond ten times what knowing nothing costs all is equally bad.
    let worst = 20.0 * landscape.reach;
    let best = losses.iter().copied().filter(|l| l.is_finite()).fold(worst, f64::min).max(worst * 1e-6);
    let steps = landscape.cells.iter().map(|cell| match (cell.diverged, cell.reached) {
        (None, Some(steps)) => (steps + 1) as f64,
        _ => f64::NAN,
    });
    [
        figure("loss", "Loss at the end".into(), map(losses, "loss", "diverged", Some((best, worst)))),
        figure(
            "steps",
            format!("Steps until the loss is {:.3}", landscape.reach),
            map(steps.collect(), "steps", "never", None),
        ),
    ]
}

/// Where the lab's initialisations lie, if that is on the plane.
fn marks(plan: &LandscapePlan) -> impl Iterator<Item = Layer> {
    let ((left, right), (low, high)) = (plan.x.ends(), plan.y.ends());
    let places = [
        (Some("He's, of each layer"), HE.0, Stroke::Dashed),
        (None, HE.1, Stroke::Dashed),
        (Some("the lab's × 10"), LARGE, Stroke::Dotted),
    ];
    places.into_iter().filter(move |(_, at, _)| (low..=high).contains(at)).map(move |(label, at, stroke)| {
        Layer::Line {
            label: label.map(str::to_owned),
            points: vec![(left, at), (right, at)],
            color: OVER_MAP[0].into(),
            width: 1.4,
            stroke,
        }
    })
}

/// The loss over a plane, with the ways of the trainings.
pub(super) fn surface(surface: &Surface, labels: [&str; 2], title: &str) -> Figure {
    let usable = surface.losses.iter().copied().filter(|l| l.is_finite() && *l > 0.0);
    let (low, high) = usable.fold((f64::INFINITY, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
    let levels = (1..16).map(|k| low * (high / low).powf(f64::from(k) / 16.0)).collect();
    let map = Map {
        x: surface.a,
        y: surface.b,
        columns: surface.size,
        rows: surface.size,
        values: surface.losses.clone(),
        color: Axis { log: true, ..Axis::labelled("loss") },
        without: Some("infinite".into()),
        levels,
    };
    let mut layers = vec![Layer::Map(map)];
    for (i, path) in surface.paths.iter().enumerate() {
        let color = OVER_MAP[i % OVER_MAP.len()].to_owned();
        layers.push(Layer::Line {
            label: Some(path.name.clone()),
            points: path.points.clone(),
            color: color.clone(),
            width: 1.8,
            stroke: Stroke::Solid,
        });
        layers.push(Layer::Dots {
            label: None,
            points: path.points.last().copied().into_iter().collect(),
            color,
            area: 50.0,
        });
    }
    let axis =
        |label: &str, limits| Axis { label: Some(label.into()), limits: Some(limits), ..Axis::default() };
    Figure {
        name: "surface".into(),
        title: Some(title.to_owned()),
        x: axis(labels[0], surface.a),
        y: axis(labels[1], surface.b),
        layers,
        caption: title.to_owned(),
        ..Figure::default()
    }
}
