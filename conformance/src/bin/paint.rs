//! Paints generated images for tests in other languages. `paint FOLDER RECIPE…`, or `paint FOLDER
//! SET FIRST COUNT` with the set `more`, `ordinary` or `ties`, writes pixmaps that are named after
//! their recipes.

use std::error::Error;
use std::fs;
use std::path::Path;

use ownprint_conformance::{Recipe, ppm, vectors};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, wanted) = arguments
        .split_first()
        .ok_or("paint FOLDER RECIPE… | paint FOLDER (more|ordinary|ties) FIRST COUNT")?;
    let recipes = match wanted {
        [more, first, count] if more == "more" => vectors::more(first.parse()?, count.parse()?),
        [ordinary, first, count] if ordinary == "ordinary" => {
            vectors::ordinary(first.parse()?, count.parse()?)
        }
        [ties, first, count] if ties == "ties" => vectors::ties(first.parse()?, count.parse()?),
        recipes => {
            recipes.iter().map(|recipe| recipe.parse()).collect::<Result<Vec<Recipe>, _>>()?
        }
    };
    for recipe in recipes {
        let path = Path::new(folder).join(format!("{}.ppm", vectors::name(&recipe)));
        fs::write(path, ppm::write(&recipe.paint()))?;
    }
    Ok(())
}
