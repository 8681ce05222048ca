//! The words of a figure: where they stand, that none is lost, and that the SVG and the PNG show the same.

use std::collections::{BTreeMap, BTreeSet};

use nablab_report::{Axis, Figure, Layer, Map, Stroke, Theme};
use roxmltree::{Document, Node};

use crate::shared::pixels;

/// Left, top, right, bottom in pixels of the SVG.
pub(crate) type Bounds = [f64; 4];

fn line(label: &str) -> Layer {
    Layer::Line {
        label: Some(label.into()),
        points: vec![(0.0, 1e-5), (1.0, -1e-5)],
        color: "#1f77b4".into(),
        width: 1.5,
        stroke: Stroke::Solid,
    }
}

fn figure() -> Figure {
    Figure {
        name: "words".into(),
        title: Some("Rate η = 0.3 & 代价".into()),
        x: Axis::labelled("iterations (x1,000)"),
        y: Axis::labelled("agility"),
        ..Figure::default()
    }
}

fn map() -> Figure {
    let map = Map {
        x: (0.0, 2.0),
        y: (0.0, 2.0),
        columns: 2,
        rows: 2,
        values: vec![1.0, 4.0, 1.0, f64::NAN],
        color: Axis::labelled("validation accuracy"),
        without: Some("diverged".into()),
        levels: Vec::new(),
    };
    Figure { name: "map".into(), layers: vec![Layer::Map(map)], ..figure() }
}

fn numbers(text: &str) -> Vec<f64> {
    let text = text.replace('-', " -");
    text.split(|c: char| !(c.is_ascii_digit() || "-.".contains(c))).filter_map(|n| n.parse().ok()).collect()
}

/// The places that path data of relative commands goes through.
fn places(data: &str) -> Vec<(f64, f64)> {
    let (mut pen, mut start, mut all) = ((0.0, 0.0), (0.0, 0.0), Vec::new());
    for part in data.split_inclusive(|c: char| c.is_ascii_alphabetic()).collect::<Vec<_>>().windows(2) {
        let (command, step) = (part[0].chars().last().unwrap(), numbers(part[1]));
        let points: Vec<_> = match command {
            'h' => vec![(pen.0 + step[0], pen.1)],
            'v' => vec![(pen.0, pen.1 + step[0])],
            _ => step.chunks(2).map(|p| (pen.0 + p[0], pen.1 + p[1])).collect(),
        };
        pen = if command == 'z' { start } else { *points.last().unwrap() };
        start = if command == 'm' { pen } else { start };
        all.extend(points);
    }
    all
}

/// The labels of a drawing, and what their outlines cover.
pub(crate) fn labels(svg: &Document<'_>) -> Vec<(String, Bounds)> {
    let of = |node: Node<'_, '_>, name| node.attribute(name).unwrap_or_default().to_owned();
    let paths = svg.descendants().filter(|node| node.has_tag_name("path") && node.has_attribute("id"));
    let outlines: BTreeMap<_, _> =
        paths.map(|node| (format!("#{}", of(node, "id")), places(&of(node, "d")))).collect();
    let groups = svg.descendants().filter(|node| node.has_tag_name("g") && node.has_attribute("aria-label"));
    groups
        .map(|group| {
            let transform = of(group, "transform");
            let [x, y, .., scale] = numbers(&transform)[..] else { panic!("{transform}") };
            let mut bounds = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
            for glyph in group.children() {
                let at: f64 = of(glyph, "x").parse().unwrap();
                for (a, b) in &outlines[&of(glyph, "href")] {
                    let (a, b) = ((a + at) * scale, b * scale);
                    let (a, b) = if transform.contains("rotate(-90)") { (b, -a) } else { (a, b) };
                    let [left, top, right, bottom] = bounds;
                    bounds = [left.min(x + a), top.min(y + b), right.max(x + a), bottom.max(y + b)];
                }
            }
            (of(group, "aria-label"), bounds)
        })
        .collect()
}

/// The frame around the data.
pub(crate) fn frame(svg: &Document<'_>) -> Bounds {
    let is_frame = |node: &Node<'_, '_>| node.has_tag_name("rect") && node.has_attribute("stroke");
    let frame = svg.descendants().find(is_frame).expect("a frame");
    let [x, y, width, height] =
        ["x", "y", "width", "height"].map(|name| frame.attribute(name).unwrap().parse::<f64>().unwrap());
    [x, y, x + width, y + height]
}

/// In the PNG, ink fills the box of the outlines of the SVG to each of its sides, and ends there.
#[test]
fn the_png_has_its_ink_where_the_svg_has_its_outlines() {
    let figure = figure();
    let svg = figure.svg(Theme::Standalone);
    let labels = labels(&Document::parse(&svg).unwrap());
    let (width, image) = pixels(&figure, 2.0);
    for text in ["Rate η = 0.3 & 代价", "iterations (x1,000)", "agility"] {
        let [left, top, right, bottom] = labels.iter().find(|label| label.0 == text).unwrap().1;
        let around = [left - 4.0, top - 4.0, right + 4.0, bottom + 4.0].map(|v| (v * 2.0) as usize);
        let mut ink = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        for y in around[1]..around[3] {
            for x in (around[0]..around[2]).filter(|x| image[y * width + x].iter().all(|&v| v < 200)) {
                let (x, y) = (x as f64 / 2.0, y as f64 / 2.0);
                ink = [ink[0].min(x), ink[1].min(y), ink[2].max(x + 0.5), ink[3].max(y + 0.5)];
            }
        }
        for (ink, outline) in ink.into_iter().zip([left, top, right, bottom]) {
            assert!((ink - outline).abs() < 0.8, "{text}: {ink} in the PNG, {outline} in the SVG");
        }
    }
}

#[test]
fn labels_stand_at_their_anchors() {
    let svg =
        Figure { y: Axis { limits: Some((0.0, 1.0)), ..figure().y }, ..figure() }.svg(Theme::Standalone);
    let document = Document::parse(&svg).unwrap();
    let labels: BTreeMap<_, _> = labels(&document).into_iter().collect();
    let middle = |low: f64, high: f64| (low + high) / 2.0;
    let [left, top, right, bottom] = frame(&document);
    // Sides of letters move a middle by less than a pixel.
    let title = labels["Rate η = 0.3 & 代价"];
    assert!((middle(title[0], title[2]) - middle(left, right)).abs() < 1.0, "{title:?}");
    let turned = labels["agility"];
    assert!((middle(turned[1], turned[3]) - middle(top, bottom)).abs() < 1.0, "{turned:?}");
    assert!(turned[3] - turned[1] > 2.0 * (turned[2] - turned[0]), "on its side: {turned:?}");
    assert!(turned[0] > 0.0 && turned[2] < 26.0, "{turned:?}");
    // Numbers end at the axis.
    let [_, above, end, below] = labels["0.4"];
    assert!((8.0..11.0).contains(&(left - end)), "{:?}", labels["0.4"]);
    assert!((middle(above, below) - (bottom - 0.4 * (bottom - top))).abs() < 1.0, "{:?}", labels["0.4"]);
}

#[test]
fn no_label_is_cut_or_lies_on_another() {
    let mut names = Figure { layers: vec![line("a <long> & \"odd\" name: WWWWWWWWWW")], ..figure() };
    names.y.names = vec!["optimizer.adam.learning_rate".into(), "WWWWWWWWWWWW".into(), "低".into()];
    names.y.limits = Some((-0.5, 2.5));
    let tiny = Figure { layers: vec![line("tiny")], ..figure() };
    for figure in [names, tiny, map(), figure()] {
        let svg = figure.svg(Theme::Standalone);
        let labels = labels(&Document::parse(&svg).unwrap());
        assert!(labels.len() > 8, "{labels:?}");
        for (k, (text, a)) in labels.iter().enumerate() {
            let inside = a[0] > 0.0 && a[1] > 0.0 && a[2] < 700.0 && a[3] < 400.0;
            assert!(inside, "{text}: {a:?}");
            for (other, b) in &labels[k + 1..] {
                let apart = a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1];
                assert!(apart, "{text} and {other}: {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn a_missing_character_is_found_and_drawn_as_a_box() {
    let titled = |title: &str| Figure { title: Some(title.into()), ..Figure::default() };
    let mut odd = map();
    odd.title = Some("猫 η".into());
    odd.layers.push(line("犬"));
    odd.x.names = vec!["☃".into()];
    assert_eq!(odd.missing_characters(), "☃犬猫");
    assert_eq!(map().missing_characters(), "");
    let title = |figure: &Figure| {
        let (width, image) = pixels(figure, 1.0);
        image[..24 * width].iter().filter(|p| p.iter().all(|&v| v < 128)).count()
    };
    assert_eq!(title(&titled(" ")), 0);
    assert!(title(&titled("☃")) > 20, "{}", title(&titled("☃")));
    assert_eq!(titled("☃").svg(Theme::Page), titled("☃").svg(Theme::Page));
}

/// Names that users give may be in any script.
#[test]
fn a_label_with_a_missing_character_is_text_in_the_svg() {
    let name = "Привет <&> 日本";
    let y = Axis {
        label: Some(name.into()),
        limits: Some((0.0, 1.0)),
        names: vec![name.into()],
        ..Axis::default()
    };
    let named = Figure { title: Some(name.into()), y, layers: vec![line(name)], ..figure() };
    assert_eq!(named.missing_characters(), "Пвеирт日");
    for (theme, ink) in [(Theme::Standalone, "#222222"), (Theme::Page, "var(--ink)")] {
        let svg = named.svg(theme);
        let svg = Document::parse(&svg).unwrap();
        let mut texts = svg.descendants().filter(|node| node.has_tag_name("text"));
        // Beside the tick, above the frame, beside the axis, at the end of the curve.
        for (turn, size, anchor) in
            [("", "17", "end"), ("", "19", "middle"), ("rotate(-90)", "17", "middle"), ("", "17", "start")]
        {
            let text = texts.next().expect("four of them");
            let of = |name| text.attribute(name).unwrap();
            assert_eq!(of("transform").split_once(')').unwrap().1, turn);
            assert_eq!([of("font-size"), of("text-anchor"), of("fill")], [size, anchor, ink]);
            assert_eq!((of("font-family"), text.text()), ("sans-serif", Some(name)));
        }
        assert!(texts.next().is_none() && labels(&svg).iter().all(|(text, _)| text != name));
    }
    assert!(!figure().svg(Theme::Page).contains("<text"));
}

/// In a page a reference must not lead into another figure, which may be hidden.
#[test]
fn ids_are_of_one_figure() {
    let ids = |svg: &str| -> BTreeSet<String> {
        let document = Document::parse(svg).unwrap();
        let ids: BTreeSet<_> =
            document.descendants().filter_map(|node| node.attribute("id")).map(str::to_owned).collect();
        let uses = document.descendants().filter(|node| node.has_tag_name("use"));
        for href in uses.map(|node| node.attribute("href").unwrap()) {
            assert!(ids.contains(&href[1..]), "{href}");
        }
        let clips = document.descendants().filter_map(|node| node.attribute("clip-path"));
        clips.for_each(|clip| assert!(ids.contains(&clip[5..clip.len() - 1]), "{clip}"));
        ids
    };
    let (one, other) = (figure().svg(Theme::Page), map().svg(Theme::Page));
    assert!(ids(&one).is_disjoint(&ids(&other)));
    assert_eq!(one, figure().svg(Theme::Page));
    // A glyph stands once, however often it is used.
    assert!(one.matches("<use").count() > one.matches("<path id=").count() + 20);
}

#[test]
fn words_take_the_colours_of_the_page() {
    let svg = map().svg(Theme::Page);
    assert_eq!(svg.matches(" fill=\"var(--ink)\"").count(), svg.matches("<g aria-label").count());
    assert!(!svg.contains("#222222") && map().svg(Theme::Standalone).contains(" fill=\"#222222\""));
}
