//! Whatever is asked for, a figure is well-formed, shows its text and hides what is no number.

use nablab_report::{Axis, Figure, Grid, Layer, Map, RegionStyle, Stroke, Theme};
use roxmltree::{Document, Node};

use crate::shared::pixels;

fn line(points: Vec<(f64, f64)>) -> Layer {
    let stroke = Stroke::Dashed;
    Layer::Line { label: Some("a < b & \"c\"".into()), points, color: "#1f77b4".into(), width: 1.5, stroke }
}

fn figure(layers: Vec<Layer>) -> Figure {
    let (x, y) = (Axis::labelled("iterations (x1,000)"), Axis::labelled("cost"));
    Figure {
        name: "a<b".into(),
        title: Some("Learning rate =0.3 <&>".into()),
        x,
        y,
        layers,
        ..Figure::default()
    }
}

/// Level of x + y on a grid over the unit square.
fn slope(style: RegionStyle) -> Layer {
    let limits = (0.0, 1.0);
    let probability = Grid::nodes(limits, limits, 21, 21).map(|(x, y)| (x + y) / 2.0).collect();
    Layer::Regions { grid: Grid { x: limits, y: limits, columns: 21, rows: 21, probability }, style }
}

#[test]
fn every_drawing_is_well_formed_and_free_of_nan() {
    let points = |n: usize| (0..n).map(|i| (i as f64, 1.0 / (1.0 + i as f64))).collect::<Vec<_>>();
    let odd =
        vec![(0.0, f64::INFINITY), (1.0, f64::NAN), (2.0, 3.0), (3.0, 1e300), (4.0, -1e300), (5.0, 0.0)];
    let classes = |n: usize| (0..n as u32).collect::<Vec<_>>();
    let layers = [
        vec![],
        vec![line(vec![])],
        vec![line(points(1))],
        vec![line(points(30)), line(odd.clone())],
        vec![Layer::Points { points: odd.clone(), classes: classes(6), area: 40.0 }],
        vec![Layer::Points { points: vec![], classes: vec![], area: -1.0 }],
        vec![Layer::Dots { label: Some("dots".into()), points: odd, color: "a<b".into(), area: 14.0 }],
        vec![Layer::Band { points: vec![(0.0, 1.0, 2.0), (1.0, f64::NAN, 3.0)], color: "red".into() }],
        vec![slope(RegionStyle::Classes)],
        vec![slope(RegionStyle::Probability)],
        vec![Layer::Regions {
            grid: Grid { x: (0.0, 1.0), y: (0.0, 1.0), columns: 5, rows: 5, probability: vec![] },
            style: RegionStyle::Probability,
        }],
    ];
    for layers in layers {
        for log in [false, true] {
            let mut figure = figure(layers.clone());
            figure.y.log = log;
            for theme in [Theme::Standalone, Theme::Page] {
                let svg = figure.svg(theme);
                Document::parse(&svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
                assert!(svg.len() < 60_000, "{} bytes", svg.len());
            }
            figure.png(0.5).unwrap();
        }
    }
}

/// The course's ×10 run: the first cost is infinite, and the curve simply starts later.
#[test]
fn an_infinite_first_cost_is_not_drawn() {
    let svg = figure(vec![line(vec![(0.0, f64::INFINITY), (1.0, 0.6), (2.0, 0.5)])]).svg(Theme::Standalone);
    let curve = Document::parse(&svg)
        .unwrap()
        .descendants()
        .find(|node| node.attribute("stroke") == Some("#1f77b4"))
        .and_then(|node| node.attribute("d"))
        .unwrap()
        .to_owned();
    assert_eq!(curve.matches(['M', 'L']).count(), 2, "{curve}");
}

/// Text must not vanish without an error; so count dark pixels of the title.
#[test]
fn text_is_drawn_in_the_png() {
    let with = figure(vec![line(vec![(0.0, 1.0), (1.0, 0.0)])]);
    let without = Figure { title: Some(" ".into()), ..with.clone() };
    let dark = |figure: &Figure| {
        let (width, image) = pixels(figure, 1.0);
        image[..24 * width].iter().filter(|p| p.iter().all(|&v| v < 128)).count()
    };
    assert_eq!(dark(&without), 0);
    assert!(dark(&with) > 200, "{} dark pixels", dark(&with));
}

fn map(values: [f64; 4], levels: Vec<f64>) -> Figure {
    Figure {
        name: "map".into(),
        layers: vec![Layer::Map(Map {
            x: (0.0, 2.0),
            y: (0.0, 2.0),
            columns: 2,
            rows: 2,
            values: values.to_vec(),
            color: Axis { label: Some("loss & more".into()), log: true, ..Axis::default() },
            without: Some("diverged".into()),
            levels,
        })],
        ..Figure::default()
    }
}

#[test]
fn a_map_says_what_its_colours_mean() {
    let whole = map([0.01, 0.1, 1.0, 10.0], vec![0.3]).svg(Theme::Standalone);
    assert!(whole.contains("data:image/png;base64,") && whole.contains("loss &amp; more"), "{whole}");
    let has = |text| whole.contains(&format!("aria-label=\"{text}\""));
    assert!(has("0.1") && has("10"), "ticks of the colours: {whole}");
    assert!(!whole.contains("diverged"), "nothing is grey");
    // The line runs between the middles of the cells, from one side to another.
    let line = whole.split("stroke-opacity=\"0.55\"").next().unwrap();
    assert!(line.rsplit("<path d=\"").next().unwrap().starts_with('M'), "{line}");
    assert!(map([0.01, f64::NAN, 1.0, 10.0], Vec::new()).svg(Theme::Standalone).contains("diverged"));
    // Too few values draw nothing, and no panic.
    let Layer::Map(mut broken) = map([1.0; 4], Vec::new()).layers.remove(0) else { panic!("a map") };
    broken.values.pop();
    let figure = Figure { layers: vec![Layer::Map(broken)], ..Figure::default() };
    assert!(!figure.svg(Theme::Standalone).contains("pixelated"), "only the bar is left");
    assert!(map([0.01, 0.1, 1.0, 10.0], vec![0.3]).png(1.0).is_ok());
}

/// Markers and pictures have the colours of the SVG where the SVG has them.
#[test]
fn the_png_has_the_colours_of_the_svg() {
    let limits = (0.0, 1.0);
    let probability = Grid::nodes(limits, limits, 5, 5).map(|(x, y)| (x + 3.0 * y) / 4.0).collect();
    let grid = Grid { x: limits, y: limits, columns: 5, rows: 5, probability };
    let regions = Layer::Regions { grid, style: RegionStyle::Classes };
    let points = Layer::Points {
        points: vec![(0.2, 0.3), (0.8, 0.9), (0.3, 0.5)],
        classes: vec![0, 1, 2],
        area: 60.0,
    };
    let classes = Figure { name: "classes".into(), layers: vec![regions, points], ..Figure::default() };
    let hex = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
    let place = |node: Node<'_, '_>, names: [&str; 2]| {
        names.map(|name| node.attribute(name).unwrap().parse::<f64>().unwrap())
    };
    for (figure, corners) in [
        (classes, [((0.1, 0.1), "#9cc4e0"), ((0.9, 0.9), "#fde0cf")]),
        (map([0.1, 0.1, 0.01, 10.0], Vec::new()), [((0.25, 0.25), "#440154"), ((0.75, 0.25), "#fde725")]),
    ] {
        let svg = figure.svg(Theme::Standalone);
        let document = Document::parse(&svg).unwrap();
        let (width, image) = pixels(&figure, 1.0);
        let at = |x: f64, y: f64| hex(image[y as usize * width + x as usize]);
        for circle in document.descendants().filter(|node| node.has_tag_name("circle")) {
            let [x, y] = place(circle, ["cx", "cy"]);
            assert_eq!(circle.parent().unwrap().attribute("fill"), Some(at(x, y).as_str()));
        }
        let picture = document.descendants().find(|node| node.has_tag_name("image")).unwrap();
        let ([x, y], [w, h]) = (place(picture, ["x", "y"]), place(picture, ["width", "height"]));
        for ((u, v), color) in corners {
            assert_eq!(at(x + u * w, y + v * h), color, "{} at {u}, {v}", figure.name);
        }
    }
}

#[test]
fn what_lies_outside_the_frame_is_not_drawn() {
    let limits = Some((0.0, 1.0));
    let axis = || Axis { limits, ..Axis::default() };
    // Its name stands elsewhere, wherever it ends.
    let line = |y| line(vec![(0.0, 0.5), (0.5, y), (0.9, 0.1)]);
    let figure = |y| Figure { x: axis(), y: axis(), layers: vec![line(y)], ..Figure::default() };
    let above = |y| pixels(&figure(y), 1.0).1[..10 * 700].iter().filter(|&&p| p != [255; 3]).count();
    assert_eq!(above(9.0), above(0.9));
}
