//! What makes a figure worth looking at: words do not lie over data or over each other, they are large enough for a phone, and
//! points are seen whatever lies beneath them.

use nablab_report::{Axis, Boundary, Figure, Layer, Stroke, Theme};
use roxmltree::{Document, Node};

use crate::labels::{Bounds, frame, labels};

fn line(name: &str, points: &[(f64, f64)]) -> Layer {
    Layer::Line {
        label: Some(name.into()),
        points: points.to_vec(),
        color: "#0072b2".into(),
        width: 1.5,
        stroke: Stroke::Solid,
    }
}

fn figure(layers: Vec<Layer>) -> Figure {
    let (x, y) = (Axis::labelled("iteration"), Axis::labelled("cost"));
    Figure { name: "f".into(), title: Some("title".into()), x, y, layers, ..Figure::default() }
}

fn mark(at: f64, label: &str) -> Layer {
    Layer::Mark { at, label: label.into() }
}

fn boundary() -> Figure {
    let points = vec![(-1.0, 0.0), (1.0, 0.0), (0.5, 0.5), (-0.5, -0.5)];
    // The first feature alone decides; the last two points are on the wrong side.
    let predict = |x: &[f64]| {
        let (x1, _) = x.split_at(x.len() / 2);
        Ok::<_, std::convert::Infallible>(x1.iter().map(|x1| 1.0 / (1.0 + (-x1).exp())).collect())
    };
    let Ok(figure) = Boundary::around(points, vec![0, 1, 0, 1]).figure("wrong", predict);
    figure
}

/// Figures with as many words as there may be.
fn crowded() -> Vec<Figure> {
    let ways = |n: usize| -> Vec<Layer> {
        (0..n).map(|k| line(&format!("curve {k}"), &[(0.0, 1.0), (9.0, 0.1 + 0.001 * k as f64)])).collect()
    };
    let mut early = ways(3);
    early.push(line("a run that ended early", &[(0.0, 1.0), (2.0, 0.9)]));
    let long = line("a name that is much too long to stand at the end of a curve", &[(0.0, 0.0), (1.0, 1.0)]);
    let mut marked = ways(2);
    marked.extend([
        mark(4.0, "lowest validation loss: epoch 4"),
        mark(5.0, "kept: epoch 5"),
        mark(9.0, "the last"),
    ]);
    let mut named = figure(ways(1));
    named.x.names = (0..7).map(|k| format!("a longer name {k}")).collect();
    named.x.limits = Some((-0.3, 6.3));
    let mut bars = figure(vec![]);
    bars.y.names = (0..24).map(|k| format!("parameter {k}")).collect();
    bars.y.limits = Some((-0.7, 23.7));
    let mut wordy = figure(ways(1));
    wordy.y.label = Some("share of the rows that are predicted to be of each of the classes".into());
    wordy.title = Some(
        "a title that is longer than the figure is wide, and says so in many words again and again".into(),
    );
    let mut small = figure(ways(1));
    small.x.limits = Some((0.000_01, 0.000_08));
    let mut all = vec![named, bars, wordy, small, boundary()];
    all.extend([ways(1), ways(4), ways(8), ways(12), early, vec![long], marked].map(figure));
    all
}

fn of(figure: &Figure) -> (String, Vec<(String, Bounds)>, Bounds, f64) {
    let svg = figure.svg(Theme::Standalone);
    let document = Document::parse(&svg).unwrap();
    let height = document.root_element().attribute("height").unwrap().parse().unwrap();
    let (labels, frame) = (labels(&document), frame(&document));
    drop(document);
    (svg, labels, frame, height)
}

#[test]
fn no_word_is_cut_lies_on_another_or_over_the_data() {
    for figure in crowded() {
        let (_, labels, frame, height) = of(&figure);
        for (k, (text, a)) in labels.iter().enumerate() {
            let inside = a[0] > 0.0 && a[1] > 0.0 && a[2] < 700.0 && a[3] < height;
            assert!(inside, "{text}: {a:?}");
            let outside = a[2] < frame[0] || a[0] > frame[2] || a[3] < frame[1] || a[1] > frame[3];
            assert!(outside, "{text} lies in the frame {frame:?}: {a:?}");
            for (other, b) in &labels[k + 1..] {
                let apart = a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1];
                assert!(apart, "{text} and {other}: {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn names_stand_at_the_ends_of_curves_where_they_fit() {
    let at_end = |layers: Vec<Layer>| {
        let (_, labels, frame, _) = of(&figure(layers));
        labels.iter().filter(|(text, _)| text.starts_with("curve")).all(|(_, bounds)| bounds[0] > frame[2])
    };
    let curve = |name: &str, last: (f64, f64)| line(name, &[(0.0, 1.0), last]);
    assert!(at_end(vec![curve("curve a", (9.0, 0.1)), curve("curve b", (9.0, 0.1))]));
    // A name far from its curve's end would tell nothing.
    assert!(!at_end(vec![curve("curve a", (9.0, 0.1)), curve("curve b", (3.0, 0.1))]));
    let both = [("curve a", 0.2), ("curve b", 0.7)].map(|(name, y)| curve(name, (9.0, y)));
    let (_, labels, ..) = of(&figure(both.to_vec()));
    let top = |name: &str| labels.iter().find(|(text, _)| text == name).unwrap().1[1];
    assert!(top("curve b") < top("curve a"), "in the order of the ends");
}

/// A page on a phone of 420 pixels has 385 for a figure; the larger words of a title may shrink to fit.
#[test]
fn words_are_large_enough_for_a_phone_and_a_bare_svg_fits_it() {
    for figure in crowded() {
        let (svg, ..) = of(&figure);
        let sizes =
            svg.split("scale(").skip(1).map(|rest| rest.split(')').next().unwrap().parse::<f64>().unwrap());
        for size in sizes.map(|scale| scale * 1000.0 * 385.0 / 700.0) {
            assert!(size >= 9.0 || figure.title.as_ref().is_some_and(|t| t.len() > 60), "{size}");
        }
        let root = &svg[..svg.find('>').unwrap()];
        assert!(
            root.contains(" viewBox=\"0 0 700 ") && root.contains("max-width:100%;height:auto"),
            "{root}"
        );
    }
}

#[test]
fn points_have_a_rim_a_shape_of_their_class_and_a_ring_where_they_are_wrong() {
    let (svg, labels, ..) = of(&boundary());
    let document = Document::parse(&svg).unwrap();
    let painted = |color: &str| -> Vec<Node<'_, '_>> {
        let all = document.descendants().filter(|node| node.attribute("fill") == Some(color));
        all.filter(|node| node.attribute("stroke") == Some("#ffffff")).collect()
    };
    let (red, blue) = (painted("#b2182b"), painted("#2166ac"));
    let circles = |nodes: &[Node<'_, '_>]| -> usize {
        nodes.iter().flat_map(Node::children).filter(|child| child.has_tag_name("circle")).count()
    };
    // Two points of each class, and one in the legend.
    assert_eq!((circles(&red), circles(&blue)), (2 + 1, 0));
    let triangles: usize = blue.iter().map(|node| node.attribute("d").unwrap().matches('Z').count()).sum();
    assert_eq!(triangles, 2 + 1);
    let rings = document.descendants().filter(|node| node.attribute("stroke") == Some("#111111"));
    assert_eq!(circles(&rings.collect::<Vec<_>>()), 2 + 1);
    for name in ["y = 0", "y = 1", "wrong: 2"] {
        assert!(labels.iter().any(|(text, _)| text == name), "{name}: {labels:?}");
    }
}

#[test]
fn panels_stand_side_by_side_each_with_its_own_clip() {
    let panel = |k: usize| Figure {
        title: Some(format!("{}", 10 * k)),
        x: Axis { label: Some(format!("wrong: {k}")), ..Axis::default() },
        layers: vec![line("", &[(0.0, 0.0), (1.0, 1.0)])],
        ..Figure::default()
    };
    let figure = Figure { name: "p".into(), panels: (1..6).map(panel).collect(), ..Figure::default() };
    let svg = figure.svg(Theme::Page);
    let document = Document::parse(&svg).unwrap();
    let clips: Vec<_> = document.descendants().filter(|node| node.has_tag_name("clipPath")).collect();
    let mut ids: Vec<_> = clips.iter().map(|clip| clip.attribute("id").unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    let labels = labels(&document);
    let titles: Vec<_> = labels.iter().filter(|(text, _)| text.parse::<u32>().is_ok()).collect();
    assert!(titles.len() == 5 && titles.windows(2).all(|pair| pair[0].1[2] < pair[1].1[0]), "{titles:?}");
    assert!(figure.png(1.0).is_ok() && figure.missing_characters().is_empty());
}
