//! The site as a whole.

use nablab_site::{check, is_site, root, site};

/// What is replaced is a site, and never the page itself or the repository.
#[test]
fn nothing_but_a_site_is_replaced() {
    assert!(!is_site(root()) && !is_site(&root().join("crates/web/page")));
}

/// Building it checks every link of it; here links are broken.
#[test]
fn the_site_hangs_together() {
    let mut files = site(root()).unwrap();
    let page = |name: &str| {
        files.iter().find(|file| file.name == name).map(|file| String::from_utf8_lossy(&file.bytes))
    };
    let dropout = page("docs/maths/dropout.zh.html").unwrap();
    assert!(dropout.contains("<mfrac>") && dropout.contains("<html lang=\"zh\">"), "{dropout}");
    assert!(!dropout.contains("<script"), "a document needs no script");
    let report = page("report/index.html").unwrap();
    assert!(report.contains("href=\"../docs/maths/dropout.html\""), "derivations are on the site");
    assert!(
        report.contains("href=\"../labs.html?lang=en#initialization.3\""),
        "an item leads to its training"
    );
    for html in files.iter().filter(|file| file.name.ends_with(".html")) {
        let text = String::from_utf8_lossy(&html.bytes);
        assert!(text.contains("http-equiv=\"Content-Security-Policy\""), "{}: no policy", html.name);
        assert!(!text.contains("<script>") && !text.contains("<style>"), "{}: not within files", html.name);
        assert!(!text.contains("script-src 'unsafe-inline'"), "{}", html.name);
    }
    // Links that the page's modules make, which no HTML has.
    for room in files.iter().filter(|file| file.name.ends_with(".js")) {
        let text = String::from_utf8_lossy(&room.bytes);
        for folder in ["'maths/", "'course/", "'handbook/"] {
            for document in text.split(folder).skip(1).filter_map(|rest| rest.split('\'').next()) {
                for ending in [".html", ".zh.html"] {
                    let name = format!("docs/{}{document}{ending}", &folder[1..]);
                    assert!(page(&name).is_some(), "{}: {name} is not there", room.name);
                }
            }
        }
    }
    let items = page("labs/items.js").unwrap();
    let ids: Vec<_> = items.split("{\"id\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.len(), 34 + 40); // items of the four labs in the course, exercises
    for id in ids {
        let is_exercise = id.starts_with(|c: char| c.is_ascii_digit());
        let (name, id) = match is_exercise {
            true => ("exercises", format!("exercise-{id}")),
            false => ("index", id.to_owned()),
        };
        for ending in ["html", "zh.html"] {
            let html = page(&format!("report/{name}.{ending}")).unwrap();
            assert!(html.contains(&format!("<section id=\"{id}\">")), "{name}.{ending} has no {id}");
        }
    }
    let exercises = page("report/exercises.html").unwrap();
    assert_eq!(exercises.matches("<summary>Answer</summary>").count(), 40); // `nablab lab exercise` lists so many
    files.retain(|file| file.name != "docs/maths/dropout.html");
    let error = check(&files).unwrap_err();
    assert!(error.contains("report/index.html: ../docs/maths/dropout.html leads nowhere"), "{error}");
}
