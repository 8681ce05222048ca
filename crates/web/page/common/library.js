// What can be read beside the page: the documents, and the labs' report and exercises.

import { BESIDE } from './beside.js';

const REPOSITORY = 'https://github.com/nablab/nablab/blob/main/docs';

/** @param {string} name */
const inLanguage = (name) => (document.documentElement.lang === 'zh' ? `${name}.zh` : name);

/**
 * Where a document is in the language of now: beside the page, else in the repository.
 * @param {string} name `maths/dropout`, or a place in one: `handbook/diagnosis#overfitting`
 */
export function documentAt(name) {
  const [page, place] = name.split('#');
  const path = inLanguage(page);
  const file = BESIDE ? `docs/${path.replace('README', 'index')}.html` : `${REPOSITORY}/${path}.md`;
  return place ? `${file}#${place}` : file;
}

/**
 * Where a place in the labs' pages is in the language of now; none where they do not lie beside the page.
 * @param {string} place `index#regularization.2`, of the report, or `exercises#exercise-1.2`
 */
export function reportAt(place) {
  const [page, item] = place.split('#');
  return BESIDE ? `report/${inLanguage(page)}.html${item ? `#${item}` : ''}` : null;
}
