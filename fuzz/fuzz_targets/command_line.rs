//! The command itself, in a folder with a table, a recipe, a study, a run and what a study has found.
//!
//! An input is what is typed, a word a line, and, behind a zero, the text of `recipe.toml`.
#![no_main]

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::sync::{LazyLock, Mutex};

use libfuzzer_sys::{Corpus, fuzz_target};
use nablab_fuzz::Folder;

const TABLE: &str = "\
a,b,d,g,w,y,z
1.5,red,2024-01-05,p,1,yes,0.25
-2,blue,2024-02-11,p,2,no,3.5
,red,2024-03-17,q,1,yes,0.75
0.5,green,2024-04-23,q,1,no,4.125
3,,2024-05-29,r,2,yes,1.5
1e2,blue,2024-06-03,r,1,no,2.25
-0.125,red,2024-07-09,s,1,yes,-1
7,green,2024-08-15,s,2,no,3
2.5,blue,2024-09-21,p,1,no,0.5
-1,red,2024-10-27,q,1,yes,1.25
4,green,2024-11-01,r,1,no,2
0,blue,2024-12-07,s,2,yes,-0.5
";
const RECIPE: &str = "\
hidden = [{ units = 3 }]
epochs = 2
[data]
file = \"t.csv\"
target = [\"y\"]
";
const STUDY: &str = "\
learning_rate = { low = 1e-3, high = 0.1, log = true }
hidden = [{ units = { choices = [2, 3] } }]
epochs = 2
[data]
file = \"t.csv\"
target = [\"y\"]
[study]
trials = 2
";

/// What makes a command short, behind what is typed: of a flag that comes again the last counts. Of `lab`, whose trainings are
/// long, and `serve`, which does not end, only what is typed is read.
const SHORT: [(&[&str], &[&str]); 10] = [
    (&["train"], &["--epochs=3", "--threads=1"]),
    (&["tune"], &["--epochs=3", "--trials=1", "--seeds=1", "--threads=1"]),
    (&["landscape"], &["--epochs=3", "--size=2", "--threads=1"]),
    (&["study", "run"], &["--trials=1"]),
    (&["study", "work"], &["--threads=1"]),
    (&["study", "confirm"], &["--top=1", "--seeds=2", "--threads=1"]),
    (&["data"], &["--samples=10"]),
    (&["diagnose"], &[]),
    (&["lab"], &["--data=none.csv"]),
    (&["serve"], &["--dir=none"]),
];

/// Nothing outside the folder is read or written: no word and no line of a recipe names a path that leads out of it. A slash may
/// also be written as `%2F` in an address, and with a backslash in a recipe.
fn stays_inside(typed: &[&[u8]], recipe: &str) -> bool {
    let leads_out = |word: &[u8]| word == b".." || word.ends_with(b"=..");
    let recipe = recipe.replace("nablab.recipe/1", "");
    !typed.iter().any(|word| leads_out(word) || word.iter().any(|byte| b"/%".contains(byte)))
        && !recipe.contains(['/', '\\'])
        && !recipe.contains("..")
}

/// Work that is merely long, or needs much memory, is no finding: all numbers there are may be factors of it, so it is their product
/// that is limited. Of 2^63 and more there can be nothing: it is refused, or means no limit. A check takes the square of its
/// network's size; what a study trains is all in its file.
fn is_large(typed: &[&[u8]], recipe: &str) -> bool {
    const REFUSED: f64 = 9.2e18;
    let most = match typed.first().copied().unwrap_or_default() {
        b"study" => 100.0,
        b"check" | b"tune" => 1000.0,
        _ => 100_000.0,
    };
    let words = typed.iter().map(|word| String::from_utf8_lossy(word));
    let text = words.chain([recipe.into()]).collect::<Vec<_>>().join(" ").replace("..", " ").replace('_', "");
    let numbers = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-')));
    let number = |word: &str| match word.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(|number| number as f64),
        None => word.trim_start_matches('-').parse().ok(),
    };
    let factors = numbers.filter_map(number).filter(|number| (1.0..REFUSED).contains(number));
    factors.product::<f64>() > most
}

/// All that is typed, with what makes it short.
fn shortened<'a>(typed: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let has = |flag: &str| typed.iter().any(|word| word.starts_with(flag.as_bytes()));
    let mut words = typed.to_vec();
    let begins = |command: &[&str]| {
        command.len() <= typed.len() && command.iter().zip(typed).all(|(a, b)| a.as_bytes() == *b)
    };
    let Some((command, flags)) = SHORT.into_iter().find(|(command, _)| begins(command)) else { return words };
    words.extend(flags.iter().map(|flag| flag.as_bytes()));
    // These do not go with every other flag.
    match command {
        ["landscape"] if !has("--surface") => words.push(b"--refine=1"),
        ["study", "run"] if !has("--queue") => words.push(b"--threads=1"),
        ["diagnose"] if has("--deep") => words.push(b"--seeds=2"),
        _ => {}
    }
    words
}

fn run(typed: &[&[u8]]) {
    let words = [b"nablab".as_slice()].into_iter().chain(typed.iter().copied());
    nablab_cli::run(words.map(|word| OsString::from(OsStr::from_bytes(word))));
}

static FOLDER: LazyLock<Mutex<Folder>> = LazyLock::new(|| {
    // Nobody types.
    rustix::stdio::dup2_stdin(File::open("/dev/null").unwrap()).unwrap();
    let fill = || {
        for (name, text) in [("t.csv", TABLE), ("recipe.toml", RECIPE), ("study.toml", STUDY)] {
            fs::write(name, text).unwrap();
        }
        for line in ["train --recipe recipe.toml --out r", "study run study.toml --out s"] {
            run(&line.split(' ').map(str::as_bytes).collect::<Vec<_>>());
        }
        assert!(fs::exists("r/metrics.json").unwrap() && fs::exists("s/best.toml").unwrap());
    };
    Mutex::new(Folder::enter("nablab-command-line", fill).unwrap())
});

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let (line, recipe) = match bytes.iter().position(|&byte| byte == 0) {
        Some(zero) => (&bytes[..zero], Some(&bytes[zero + 1..])),
        None => (bytes, None),
    };
    let typed: Vec<&[u8]> = line.split(|&byte| byte == b'\n').collect();
    let text = recipe.map(String::from_utf8_lossy).unwrap_or_default();
    if !stays_inside(&typed, &text) || is_large(&typed, &text) {
        return Corpus::Reject;
    }
    let mut folder = FOLDER.lock().unwrap();
    if let Some(recipe) = recipe {
        fs::write("recipe.toml", recipe).unwrap();
    }
    run(&shortened(&typed));
    folder.restore().unwrap();
    Corpus::Keep
});
