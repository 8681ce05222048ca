//! A figure as a plain description: axes, and layers drawn in order.

mod axes;
mod axis;
mod boundary;
mod colors;
mod contour;
mod drawing;
mod font;
mod label;
mod layers;
mod legend;
mod map;
mod marker;
mod marks;
mod panels;
mod plot;
mod raster;
mod regions;
mod style;
mod svg;

use std::collections::BTreeSet;

use drawing::Shape;

use crate::File;

pub(crate) use svg::escape;

pub use boundary::{Boundary, Rectangle};
pub use map::Map;
pub use raster::PngError;
pub use style::{CHOSEN, CLASSES, CURVE, CYCLE, MUTED, OVER_MAP};

/// A figure of 7 × 4 inches, as the course's; higher where names need more room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// File stem, and id in a page.
    pub name: String,
    /// Above the axes.
    pub title: Option<String>,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Drawn in order, the first at the back.
    pub layers: Vec<Layer>,
    /// Small multiples, side by side in place of layers: each has a title above, and may have the name of its x below. They have
    /// no ticks.
    pub panels: Vec<Figure>,
    /// What it shows, for a reader who cannot see it, and under it in a page.
    pub caption: String,
}

/// An axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// Beside the axis.
    pub label: Option<String>,
    /// Smallest and largest value shown; without, the data plus 5 % at each end.
    pub limits: Option<(f64, f64)>,
    /// Logarithmic; values of 0 or less are not drawn.
    pub log: bool,
    /// Names instead of numbers, of the values 0, 1, 2, …
    pub names: Vec<String>,
    /// Only whole numbers lie on it.
    pub whole: bool,
}

impl Axis {
    /// A linear axis with a label, limits from the data.
    pub fn labelled(label: &str) -> Self {
        Self { label: Some(label.to_owned()), ..Self::default() }
    }
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// A curve. A point that is not finite breaks it.
    Line {
        /// At its end, or in the legend.
        label: Option<String>,
        /// From left to right.
        points: Vec<(f64, f64)>,
        /// `#rrggbb`.
        color: String,
        /// In points (1/72 inch).
        width: f64,
        /// Whole or broken.
        stroke: Stroke,
    },
    /// The area between two curves, half transparent.
    Band {
        /// x, lower, upper.
        points: Vec<(f64, f64, f64)>,
        /// `#rrggbb`.
        color: String,
    },
    /// Points whose colour and shape tell their class.
    Points {
        /// Coordinates.
        points: Vec<(f64, f64)>,
        /// One per point.
        classes: Vec<u32>,
        /// Square of the diameter in points, as matplotlib counts.
        area: f64,
    },
    /// Rings around points that are to be noticed.
    Rings {
        /// What is to be noticed, in the legend.
        label: String,
        /// Coordinates.
        points: Vec<(f64, f64)>,
        /// Of the markers inside.
        area: f64,
    },
    /// Half-transparent points of one colour: where they are many it is darker.
    Dots {
        /// In the legend.
        label: Option<String>,
        /// Coordinates.
        points: Vec<(f64, f64)>,
        /// `#rrggbb`.
        color: String,
        /// As of [`Layer::Points`].
        area: f64,
    },
    /// A line at a value of x, from below to above.
    Mark {
        /// The value.
        at: f64,
        /// Above the frame.
        label: String,
    },
    /// Values as colours.
    Map(Map),
    /// What a classifier says everywhere.
    Regions {
        /// Its probabilities.
        grid: Grid,
        /// How to show them.
        style: RegionStyle,
    },
}

/// How a curve is drawn. Broken curves let another be seen beneath them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stroke {
    /// In one piece.
    #[default]
    Solid,
    /// Long dashes.
    Dashed,
    /// Dots.
    Dotted,
}

/// How regions are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionStyle {
    /// The predicted class: two flat colours, as in the course, and the line between them.
    Classes,
    /// The probability of class 1, with lines at 0.1, 0.5 and 0.9.
    Probability,
}

/// Probabilities of class 1 on a regular grid, corners included.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// First and last column.
    pub x: (f64, f64),
    /// First and last row.
    pub y: (f64, f64),
    /// Number of columns, at least 2.
    pub columns: usize,
    /// Number of rows, at least 2.
    pub rows: usize,
    /// Row by row, the bottom row first.
    pub probability: Vec<f64>,
}

impl Grid {
    /// Coordinates of the nodes, in the order of `probability`.
    ///
    /// ```
    /// use nablab_report::Grid;
    /// let nodes: Vec<_> = Grid::nodes((0.0, 1.0), (5.0, 6.0), 2, 2).collect();
    /// assert_eq!(nodes, [(0.0, 5.0), (1.0, 5.0), (0.0, 6.0), (1.0, 6.0)]);
    /// ```
    pub fn nodes(
        x: (f64, f64),
        y: (f64, f64),
        columns: usize,
        rows: usize,
    ) -> impl Iterator<Item = (f64, f64)> {
        let at = |(low, high): (f64, f64), i: usize, n: usize| {
            // The last node is the limit itself, whatever the rounding of the steps.
            if i + 1 == n { high } else { low + (high - low) / (n.max(2) - 1) as f64 * i as f64 }
        };
        (0..rows).flat_map(move |r| (0..columns).map(move |c| (at(x, c, columns), at(y, r, rows))))
    }
}

/// Colours of the frame and the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Black on white, for a file of its own.
    Standalone,
    /// From the page's CSS variables, light and dark.
    Page,
}

impl Figure {
    /// The figure as SVG. Its words are outlines, so that it looks the same wherever it is shown. A label with a
    /// character that the embedded fonts lack, such as a name in Cyrillic, is text in the viewer's sans-serif font.
    ///
    /// ```
    /// use nablab_report::{Figure, Theme};
    /// let svg = |title: &str| Figure { title: Some(title.into()), ..Figure::default() }.svg(Theme::Page);
    /// assert!(!svg("cost").contains("<text") && svg("цена").contains(">цена</text>"));
    /// ```
    pub fn svg(&self, theme: Theme) -> String {
        svg::svg(self, &plot::lay_out(self), theme)
    }

    /// The figure as PNG, `scale` pixels per pixel of the SVG, which is 700 wide. A character that the embedded fonts lack is a
    /// crossed box.
    ///
    /// # Errors
    /// [`PngError`] if there is no image of that size.
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, PngError> {
        raster::png(&plot::lay_out(self), scale)
    }

    /// The figure under its name as SVG and as PNG, of `scale` pixels per pixel of the SVG.
    ///
    /// ```
    /// use nablab_report::Figure;
    /// let files = Figure { name: "loss".into(), ..Figure::default() }.files(1.0)?;
    /// assert_eq!(files.map(|file| file.name), ["loss.svg", "loss.png"]);
    /// # Ok::<(), nablab_report::figure::PngError>(())
    /// ```
    ///
    /// # Errors
    /// [`PngError`] if there is no image of that size.
    pub fn files(&self, scale: f32) -> Result<[File; 2], PngError> {
        let name = |extension: &str| format!("{}.{extension}", self.name);
        let svg = File::new(name("svg"), self.svg(Theme::Standalone));
        Ok([svg, File::new(name("png"), self.png(scale)?)])
    }

    /// The characters of its words that the embedded fonts lack.
    ///
    /// ```
    /// use nablab_report::Figure;
    /// let figure = Figure { title: Some("loss η ≤ 1, 代价, ☃".into()), ..Figure::default() };
    /// assert_eq!(figure.missing_characters(), "☃");
    /// ```
    pub fn missing_characters(&self) -> String {
        let missing = |shape: &Shape| match shape {
            Shape::Label(label) => label.missing().collect(),
            _ => Vec::new(),
        };
        let missing: BTreeSet<char> = plot::lay_out(self).shapes.iter().flat_map(missing).collect();
        missing.into_iter().collect()
    }
}
