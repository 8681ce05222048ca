//! `nablab data`: write a generated data set.

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args as ClapArgs, Subcommand};
use nablab::data::generate::PITCH_NOISE;
use nablab::data::{Generator, dataset_file};

use crate::output::Replacing;
use crate::{Answer, output, terminal};

/// The generator and where to write.
#[derive(ClapArgs)]
#[command(after_help = "Example: nablab data moons --samples 300 --noise 0.2 --seed 3 --out moons.csv")]
pub(crate) struct Args {
    #[command(subcommand)]
    source: Source,
}

#[derive(Subcommand)]
enum Source {
    /// A ring inside a ring: scikit-learn's make_circles, bit for bit
    Circles {
        #[command(flatten)]
        common: Common,
        /// Radius of the inner ring, in [0, 1)
        #[arg(long, default_value_t = 0.8, value_name = "F", allow_negative_numbers = true)]
        factor: f64,
    },
    /// Two interleaving half circles: scikit-learn's make_moons, bit for bit
    Moons {
        #[command(flatten)]
        common: Common,
    },
    /// Gaussian clusters: scikit-learn's make_blobs, bit for bit
    #[command(mut_arg("noise", |noise| noise.default_value("1")))]
    Blobs {
        #[command(flatten)]
        common: Common,
        /// Number of clusters
        #[arg(long, default_value_t = 3, value_name = "N")]
        centers: usize,
    },
    /// Four squares, opposite ones alike
    Xor {
        #[command(flatten)]
        common: Common,
    },
    /// Interleaving spiral arms
    Spirals {
        #[command(flatten)]
        common: Common,
        /// Number of arms
        #[arg(long, default_value_t = 2, value_name = "N")]
        arms: usize,
    },
    /// A noisy diagonal border on a football pitch
    #[command(mut_arg("noise", |noise| noise.default_value(PITCH_NOISE.to_string())))]
    Pitch {
        #[command(flatten)]
        common: Common,
    },
}

#[derive(ClapArgs)]
struct Common {
    /// Number of points
    #[arg(long, default_value_t = 100, value_name = "N")]
    samples: usize,
    /// Standard deviation of the noise
    #[arg(long, default_value_t = 0.0, value_name = "X", allow_negative_numbers = true)]
    noise: f64,
    /// NumPy's seed
    #[arg(long, default_value_t = 0, value_name = "S")]
    seed: u32,
    /// The file to write; its ending says how; - prints a CSV
    #[arg(long, value_name = "FILE.{csv,npz}")]
    out: PathBuf,
    #[command(flatten)]
    replacing: Replacing,
    /// Say nothing
    #[arg(long, short)]
    quiet: bool,
}

/// Write the data set.
pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let (generator, common) = args.source.generator();
    let extension = common.out.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let write = match extension.as_str() {
        _ if output::is_stdout(&common.out) => dataset_file::csv::write,
        "csv" => dataset_file::csv::write,
        "npz" => dataset_file::npz::write,
        _ => {
            let (name, with) = (common.out.display(), common.out.with_extension("csv"));
            bail!(
                "{name}: expected a file name ending in .csv or .npz\nhint: for example {}",
                with.display()
            );
        }
    };
    common.replacing.check(&common.out, &[])?;
    let set = generator.generate()?;
    let bytes = write(&set);
    output::write_out(&common.out, &bytes)?;
    if common.quiet || output::is_stdout(&common.out) {
        return Ok(Answer::Yes);
    }
    let (name, points, path) = (generator.name(), set.examples(), common.out.display());
    terminal::print(&format!("{name}: {points} points, {} classes → {path}\n", set.classes()))
}

impl Source {
    fn generator(&self) -> (Generator, &Common) {
        match self {
            Self::Circles { common, factor } => {
                let (samples, noise, seed) = common.values();
                (Generator::Circles { samples, noise, factor: *factor, seed }, common)
            }
            Self::Moons { common } => {
                let (samples, noise, seed) = common.values();
                (Generator::Moons { samples, noise, seed }, common)
            }
            Self::Blobs { common, centers } => {
                let (samples, noise, seed) = common.values();
                (Generator::Blobs { samples, noise, centers: *centers, seed }, common)
            }
            Self::Xor { common } => {
                let (samples, noise, seed) = common.values();
                (Generator::Xor { samples, noise, seed }, common)
            }
            Self::Spirals { common, arms } => {
                let (samples, noise, seed) = common.values();
                (Generator::Spirals { samples, noise, arms: *arms, seed }, common)
            }
            Self::Pitch { common } => {
                let (samples, noise, seed) = common.values();
                (Generator::Pitch { samples, noise, seed }, common)
            }
        }
    }
}

impl Common {
    fn values(&self) -> (usize, f64, u32) {
        (self.samples, self.noise, self.seed)
    }
}
