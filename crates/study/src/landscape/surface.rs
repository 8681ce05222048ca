//! The loss along two directions of the weights, and the ways that trainings take over it (Li et al. 2018, Visualizing the loss
//! landscape of neural nets, arXiv 1712.09913).

use std::num::NonZeroUsize;
use std::str::FromStr;

use nablab_engine::population::side_by_side;
use nablab_engine::rng::{NumpyRng, Stream};
use nablab_engine::{Done, Evaluation, Float, Network, Recipe, Role, Trainer, Watch};

use super::trajectory::Trajectory;
use super::unfinished::ROW;
use super::{LandscapeError, Rows, Unfinished, loss};

/// Which two directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directions {
    /// The two in which the ways go farthest: principal components of their points.
    Path,
    /// Random ones of this seed, each unit's weights as long as the trained unit's, biases left alone.
    Random(u64),
}

impl FromStr for Directions {
    type Err = &'static str;

    /// ```
    /// use nablab_study::landscape::Directions;
    /// assert_eq!("path".parse(), Ok(Directions::Path));
    /// assert_eq!("paths".parse::<Directions>(), Err("expected path or random"));
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "path" => Ok(Self::Path),
            "random" => Ok(Self::Random(0)),
            _ => Err("expected path or random"),
        }
    }
}

/// The way of one training.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// What it is called.
    pub name: String,
    /// Where it is in the plane after some epochs, the first before any: (a, b).
    pub points: Vec<(f64, f64)>,
    /// The loss there.
    pub losses: Vec<f64>,
    /// Epochs done there.
    pub epochs: Vec<u64>,
}

/// Loss over the plane: centre + a · first direction + b · second.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// Range of a.
    pub a: (f64, f64),
    /// Range of b.
    pub b: (f64, f64),
    /// Points along each side.
    pub size: usize,
    /// Row by row, the smallest b first; each in the middle of its cell.
    pub losses: Vec<f64>,
    /// The trainings.
    pub paths: Vec<Path>,
    /// Share of the ways' extent that lies in the plane, from 0 to 1.
    pub explained: f64,
}

/// Train each recipe from its own start, and show the loss around the end of the first; `follow` hears after each training and
/// each row of the plane of the trainings done and of how many there will be, with the plane as the last, and ends all when it says
/// no. What is `kept` already is not done again, and every training and every row is kept as soon as it is there.
///
/// # Errors
/// [`LandscapeError`]: a recipe that cannot be trained, recipes of networks of different shapes, or a part that cannot be kept.
pub fn surface<F: Float>(
    recipes: &[(String, Recipe)],
    rows: Rows<'_, F>,
    directions: Directions,
    size: usize,
    threads: NonZeroUsize,
    kept: Option<&Unfinished>,
    watch: &dyn Watch<Done>,
) -> Result<Surface, LandscapeError> {
    let known = |name: &str| kept.and_then(|kept| kept.known(name));
    let keep = |name: &str, part: &str| kept.map_or(Ok(()), |kept| kept.keep(name, part));
    let goes_on = |done: usize| {
        watch.saw(&Done { done, of: recipes.len() + 1 });
        if watch.stop() { Err(LandscapeError::Stopped) } else { Ok(()) }
    };
    let mut ways = Vec::new();
    let mut network: Option<Network> = None;
    for (i, (_, recipe)) in recipes.iter().enumerate() {
        let mut trainer = Trainer::<F>::new(recipe, rows.x, rows.y)?;
        let shape = |network: &Network| {
            network.layout().slots().iter().map(|slot| slot.range.clone()).collect::<Vec<_>>()
        };
        if network.as_ref().is_some_and(|first| shape(first) != shape(trainer.network())) {
            return Err(LandscapeError::Shapes);
        }
        let name = format!("way {i}");
        let way = match known(&name).and_then(|text| Trajectory::read(text, trainer.params().len())) {
            Some(way) => way,
            None => {
                let way = Trajectory::of(&mut trainer, recipe.epochs);
                keep(&name, &way.text())?;
                way
            }
        };
        ways.push(way.points);
        network.get_or_insert_with(|| trainer.network().clone());
        goes_on(i + 1)?;
    }
    let network = network.ok_or(LandscapeError::NoRecipe)?;
    let center = ways[0].last().map(|(_, params)| params.clone()).ok_or(LandscapeError::NoRecipe)?;
    let from_center =
        |params: &[f64]| -> Vec<f64> { params.iter().zip(&center).map(|(p, c)| p - c).collect() };
    let steps: Vec<Vec<f64>> = ways.iter().flatten().map(|(_, params)| from_center(params)).collect();
    let [first, second] = match directions {
        Directions::Path => principal(&steps),
        Directions::Random(seed) => {
            let mut rng = Stream::Split.rng(seed);
            [random(&network, &center, &mut rng), random(&network, &center, &mut rng)]
        }
    };
    let plane = Plane::new(&first, &second);
    let places: Vec<Vec<(f64, f64)>> = ways
        .iter()
        .map(|way| way.iter().map(|(_, params)| plane.project(&from_center(params))).collect())
        .collect();
    let range = |of: fn(&(f64, f64)) -> f64| {
        let ends = places.iter().flatten().map(of).fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
        let least = if matches!(directions, Directions::Random(_)) { 1.0 } else { 0.0 };
        let (low, high) = (ends.0.min(-least), ends.1.max(least));
        let margin = 0.15 * (high - low).max(1e-9);
        (low - margin, high + margin)
    };
    let (a, b) = (range(|p| p.0), range(|p| p.1));

    let at = |i: usize, (low, high): (f64, f64)| low + (high - low) * (i as f64 + 0.5) / size as f64;
    let params_at = |a: f64, b: f64| -> Vec<F> {
        let mix = |i: usize| F::from_f64(center[i] + a * first[i] + b * second[i]);
        (0..center.len()).map(mix).collect()
    };
    let evaluation = || Evaluation::new(&network, rows.x, rows.y, &[]);
    let row = |r: usize| -> Result<Vec<f64>, LandscapeError> {
        let name = format!("{ROW} {r} of {size}");
        if let Some(row) = known(&name).and_then(|text| numbers(text, size)) {
            return Ok(row);
        }
        goes_on(recipes.len())?;
        let mut evaluation = evaluation()?;
        let mut loss_at = |c: usize| loss(&mut evaluation, &network, &params_at(at(c, a), at(r, b)));
        let row: Vec<f64> = (0..size).map(&mut loss_at).collect();
        keep(&name, &row.iter().map(|loss| format!("{loss:?}")).collect::<Vec<_>>().join(","))?;
        Ok(row)
    };
    let losses = side_by_side(size, threads, row)?.concat();
    let mut evaluation = evaluation()?;
    let paths = recipes.iter().zip(&ways).zip(places).map(|(((name, _), way), points)| Path {
        name: name.clone(),
        points,
        losses: way.iter().map(|(_, params)| loss(&mut evaluation, &network, &narrow::<F>(params))).collect(),
        epochs: way.iter().map(|(epoch, _)| *epoch).collect(),
    });
    let paths = paths.collect();
    Ok(Surface { a, b, size, losses, paths, explained: plane.explained(&steps) })
}

/// So many numbers of a row.
fn numbers(text: &str, size: usize) -> Option<Vec<f64>> {
    let row: Vec<f64> = text.split(',').map(|loss| loss.parse().ok()).collect::<Option<_>>()?;
    (row.len() == size).then_some(row)
}

fn narrow<F: Float>(params: &[f64]) -> Vec<F> {
    params.iter().map(|&p| F::from_f64(p)).collect()
}

/// Two directions, and how to find a point's coordinates: by least squares, as they need not be orthogonal.
struct Plane<'d> {
    first: &'d [f64],
    second: &'d [f64],
}

impl<'d> Plane<'d> {
    fn new(first: &'d [f64], second: &'d [f64]) -> Self {
        Self { first, second }
    }

    fn project(&self, step: &[f64]) -> (f64, f64) {
        let (ff, fs, ss) =
            (dot(self.first, self.first), dot(self.first, self.second), dot(self.second, self.second));
        let (f, s) = (dot(self.first, step), dot(self.second, step));
        let determinant = ff * ss - fs * fs;
        if determinant <= f64::MIN_POSITIVE {
            return (if ff > 0.0 { f / ff } else { 0.0 }, 0.0);
        }
        ((f * ss - s * fs) / determinant, (s * ff - f * fs) / determinant)
    }

    fn explained(&self, steps: &[Vec<f64>]) -> f64 {
        let (mut inside, mut all) = (0.0, 0.0);
        for step in steps {
            let (a, b) = self.project(step);
            let in_plane: Vec<f64> = self.first.iter().zip(self.second).map(|(f, s)| a * f + b * s).collect();
            inside += dot(&in_plane, &in_plane);
            all += dot(step, step);
        }
        if all > 0.0 { inside / all } else { 1.0 }
    }
}

/// The two orthogonal directions in which the steps are longest, by power iteration.
fn principal(steps: &[Vec<f64>]) -> [Vec<f64>; 2] {
    const ITERATIONS: usize = 200;
    let n = steps.first().map_or(0, Vec::len);
    let mut found: Vec<Vec<f64>> = Vec::new();
    for k in 0..2 {
        // The step that is longest outside of what is found.
        let outside = |step: &[f64]| {
            let mut rest = step.to_vec();
            for direction in &found {
                let along = dot(direction, &rest);
                rest.iter_mut().zip(direction).for_each(|(r, d)| *r -= along * d);
            }
            rest
        };
        let rests: Vec<Vec<f64>> = steps.iter().map(|step| outside(step)).collect();
        let longest = rests.iter().max_by(|a, b| dot(a, a).total_cmp(&dot(b, b)));
        let mut direction = longest.map_or_else(|| vec![0.0; n], |step| normalised(step, k));
        for _ in 0..ITERATIONS {
            let mut next = vec![0.0; n];
            for rest in &rests {
                let along = dot(rest, &direction);
                next.iter_mut().zip(rest).for_each(|(n, r)| *n += along * r);
            }
            direction = normalised(&next, k);
        }
        found.push(direction);
    }
    let second = found.pop().unwrap_or_default();
    [found.pop().unwrap_or_default(), second]
}

/// Of length 1; nothing has the direction of an axis.
fn normalised(v: &[f64], axis: usize) -> Vec<f64> {
    let length = dot(v, v).sqrt();
    if length > 0.0 {
        return v.iter().map(|x| x / length).collect();
    }
    (0..v.len()).map(|i| f64::from(u8::from(i == axis))).collect()
}

/// A random direction with the weights of each unit as long as the trained ones (Li et al.'s filter normalisation).
fn random(network: &Network, center: &[f64], rng: &mut NumpyRng) -> Vec<f64> {
    let mut direction = vec![0.0; center.len()];
    for slot in network.layout().slots().iter().filter(|slot| slot.role == Role::Weight) {
        for r in 0..slot.rows {
            let unit = slot.range.start + r * slot.cols..slot.range.start + (r + 1) * slot.cols;
            let draw: Vec<f64> = unit.clone().map(|_| rng.gaussian()).collect();
            let (length, trained) =
                (dot(&draw, &draw).sqrt(), dot(&center[unit.clone()], &center[unit.clone()]).sqrt());
            let factor = if length > 0.0 { trained / length } else { 0.0 };
            direction[unit].iter_mut().zip(draw).for_each(|(d, g)| *d = g * factor);
        }
    }
    direction
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
