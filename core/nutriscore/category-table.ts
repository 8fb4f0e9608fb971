/**
 * Which roles and which food group a category says: names as slugs (`slug.ts`), in English (the tags of Open
 * Food Facts), French, Spanish, German and Italian, and some in Catalan.
 *
 * Tags in an export come with all their parents, names in a text often do not: entries of children therefore
 * repeat the roles of their parents. A slug may stand in several entries; its roles are joined.
 *
 * Sources: openfoodfacts-server `Config_off.pm` (beverage and exemption lists of 2020 and of 2024),
 * `Food.pm` (fats, nuts, red meat, fruit share by category), `taxonomies/food_groups.txt`; names as they
 * occur in exports of 2019, 2025 and 2026.
 */
import { BEVERAGE_ENTRIES } from './beverage-table.ts';
import { CATEGORY_ROLES, rolesOf } from './category-roles.ts';
import type { TagEntry } from './tag-entry.ts';

/**
 * What stands where nobody named a category. `en:null`, which an importer of Open Food Facts wrote, is not among
 * them: Open Food Facts grades such rows as food, and so do the rules here (508 of 508 graded rows of the
 * April 2026 sample agree; 272 of them would have a grade if it counted as none).
 */
export const PLACEHOLDERS = 'unknown undefined none nan n-a na not-applicable to-be-completed';

const R = CATEGORY_ROLES;
/** Milk and what replaces it: food in 2017/2021, a beverage in 2023 also outside of `en:beverages`. */
const MILK = rolesOf('foodIn2021', 'beverageIn2023');

const DAIRY: readonly TagEntry[] = [
  {
    names: `milks laits leches llet milch latti cow-milks laits-de-vache leche-de-vaca kuhmilch whole-milks
      leche-entera vollmilch semi-skimmed-milks laits-demi-ecremes leche-semidesnatada skimmed-milks
      leche-desnatada uht-milks laits-uht leche-uht homogenized-milks laits-homogeneises
      leches-homogeneizadas leche-sin-lactosa goat-milks leche-de-cabra`,
    roles: MILK,
    group: 'milk-and-yogurt',
  },
  {
    names: `dairy-drinks boissons-lactees bebida-lacteas bebidas-lacteas milchgetranke bevande-a-base-di-latte
      fermented-milk-drinks boissons-lactees-fermentees bebidas-de-leche-fermentada flavoured-milks
      laits-aromatises leches-aromatizadas chocolate-milks leches-de-chocolate`,
    roles: R.beverage | MILK,
    group: 'milk-and-yogurt',
  },
  {
    names: `yogurts yaourts yogures joghurts yogurt fermented-milk-products produits-laitiers-fermentes
      productos-fermentados-de-la-leche drinkable-yogurts yaourts-a-boire kefir kefirs`,
    roles: 0,
    group: 'milk-and-yogurt',
  },
  {
    names: `cheeses fromages quesos formatge formatges kase formaggi cow-cheeses fromages-de-vache quesos-de-vaca
      goat-cheeses fromages-de-chevre queso-de-cabra quesos-de-cabra sheep-s-milk-cheeses
      quesos-de-leche-de-oveja fromages-de-brebis soft-cheeses hard-cheeses fresh-cheeses queso-fresco
      fromages-frais fromages-de-france french-cheeses quesos-espanoles italian-cheeses fromages-italiens
      grated-cheeses fromages-rapes queso-rallado cream-cheeses fromages-a-tartiner processed-cheeses
      melted-cheese fromages-fondus sliced-cheeses fromages-en-tranches quesos-en-lonchas
      emmentaler emmentals goudas cheddars mozzarella parmigiano-reggiano comte raclettes camemberts feta
      queso-curado queso-semicurado`,
    roles: R.cheese,
    group: 'cheese',
  },
  {
    names: `fromages-blancs fromages-blancs-petit-suisses-and-skyr fromages-blancs-natures petits-suisses
      quark quarks speisequark skyr skyrs`,
    roles: R.fromageBlanc,
    group: 'milk-and-yogurt',
  },
  {
    names: `creams cremes-fraiches nata natas sahne panna unfermented-creams uht-creams fresh-creams
      cremes-legeres cremes-liquides cremes-entieres whipped-creams`,
    roles: R.cream,
    group: 'fats',
  },
  {
    names: `dairy-desserts desserts-lactes postres-lacteos milchdesserts dessert-al-latte puddings
      cremes-dessert`,
    roles: 0,
    group: 'dairy-desserts',
  },
  {
    names: `ice-creams ice-creams-and-sorbets glaces-et-sorbets glaces cremes-glacees helados speiseeis
      gelati`,
    roles: 0,
    group: 'ice-cream',
  },
  {
    names: 'dairies produits-laitiers lacteos milchprodukte latticini dairy',
    roles: 0,
    group: 'milk-and-dairy-products',
  },
];

const FATS_NUTS_SEEDS: readonly TagEntry[] = [
  {
    names: `fats matieres-grasses aceites-y-grasas olis fette grassi vegetable-fats matieres-grasses-vegetales
      grasas-vegetales pflanzliche-fette grassi-vegetali animal-fats matieres-grasses-animales
      grasas-animales tierische-fette grassi-animali spreadable-fats matieres-grasses-a-tartiner
      grasas-para-untar streichfette vegetable-oils huiles-vegetales aceites-vegetales pflanzenole
      oli-vegetali huiles aceites oils ole oli sunflower-oils huiles-de-tournesol aceites-de-girasol
      butters beurres mantequillas butter burri margarines margarinas margarinen margarine milkfat
      grasas-de-la-leche`,
    roles: R.fat,
    group: 'fats',
  },
  {
    names: `olive-oils huiles-d-olive huiles-dolive aceites-de-oliva olivenole oli-d-oliva virgin-olive-oils
      huiles-d-olive-vierges huiles-dolive-vierges aceites-de-oliva-virgen extra-virgin-olive-oils
      huiles-d-olive-vierges-extra huiles-dolive-vierges-extra aceites-de-oliva-virgen-extra
      native-olivenole-extra oli-extravergini-di-oliva olive-oils-from-spain aceites-de-oliva-de-espana
      aceites-de-oliva-refinados`,
    roles: R.fat | R.oliveOil,
    group: 'fats',
  },
  {
    names: `walnut-oils huiles-de-noix aceites-de-nuez walnussole colza-oils rapeseed-oils rapeseeds-oils
      huiles-de-colza aceites-de-colza rapsole oli-di-colza`,
    roles: R.fat | R.fruitShareIn2021,
    group: 'fats',
  },
  {
    names: `seeds graines semillas samen semi sunflower-seeds-and-their-products
      semillas-de-girasol-y-derivados sunflower-seeds graines-de-tournesol semillas-de-girasol
      sonnenblumenkerne linseed graines-de-lin chia-seeds graines-de-chia sesame-seeds graines-de-sesame
      pumpkin-seeds graines-de-courge kurbiskerne semi-di-zucca`,
    roles: R.seed,
  },
  {
    names: `nuts fruits-a-coques frutos-de-cascara nusse frutta-secca-a-guscio shelled-nuts
      fruits-a-coques-decortiques frutos-de-cascara-sin-cascara mixed-nuts salted-nuts macadamia-nuts
      brazil-nuts nut-butters beurres-de-fruits-a-coque mantecas-de-frutos-de-cascara peanut-butters beurres-de-cacahuetes cremas-de-cacahuete erdnussbutter`,
    roles: R.nut,
    group: 'nuts',
  },
  {
    names: `almonds amandes almendras mandeln mandorle shelled-almonds amandes-decortiquees
      almendras-sin-cascara hazelnuts noisettes avellanas haselnusse nocciole walnuts noix nueces walnusse
      noci pistachios pistaches pistachos pistazien pistacchi cashew-nuts noix-de-cajou anacardos
      cashewkerne anacardi pecan-nuts noix-de-pecan pecannusse peanuts cacahuetes erdnusse arachidi
      coconuts noix-de-coco`,
    roles: R.nut | R.fruitShareIn2021,
    group: 'nuts',
  },
  {
    names: 'chestnuts chataignes marrons castanas maronen kastanien castagne',
    roles: R.chestnut | R.fruitShareIn2021,
    group: 'nuts',
  },
];

const MEAT_FISH_EGGS: readonly TagEntry[] = [
  {
    names: `beef beef-and-its-products boeuf rindfleisch carne-de-vacuno carne-de-vacuno-y-sus-productos
      manzo carne-bovina veal-meat veau ternera carne-de-ternera kalbfleisch pork pork-and-its-products porc
      porc-et-derives carne-de-cerdo carne-de-cerdo-y-sus-productos schweinefleisch maiale lamb-meat agneau
      cordero lammfleisch agnello horse-meat cheval beef-steaks steaks-de-boeuf ground-beef-steaks
      steaks-de-boeuf-haches fresh-ground-beef-steaks ground-steaks steaks-haches steaks lomo-de-cerdo
      pork-loins`,
    roles: R.redMeat,
    group: 'meat-other-than-poultry',
  },
  { names: 'offals abats despojos innereien frattaglie', roles: R.redMeat, group: 'offals' },
  {
    names: `poultries volailles aves geflugel pollame chickens poulets pollo pollo-y-sus-productos hahnchen
      turkeys dindes pavo pavo-y-sus-productos puten chicken-breasts filets-de-poulet pechugas-de-pollo
      duck-meat canards pato`,
    roles: R.poultry,
    group: 'poultry',
  },
  {
    names: `poultry-hams jambons-de-volaille turkey-breasts pechuga-de-pavo fiambre-de-pechuga-de-pavo
      salchichas-de-aves poultry-sausages saucisses-de-volaille geflugelwurste`,
    roles: R.poultry,
    group: 'processed-meat',
  },
  {
    names: `hams jambons jamon schinken prosciutti white-hams jambons-blancs jamon-cocido dry-hams
      jambons-secs jambons-crus jamones-secos jamon-serrano jamon-curado jamon-de-pais sausages saucisses
      salchichas wurste salsicce cured-sausages saucissons saucissons-secs embutidos-curados
      salchicha-francesa french-sausages saucisses-francaises fuet fouets-catalans salamis salami
      chorizo chorizos salchichon lomo lomo-embuchado bacon lardons lardons-de-porc panceta
      pancetta rosettes coppa mortadella`,
    roles: R.curedMeat,
    group: 'processed-meat',
  },
  {
    names: `prepared-meats charcuteries embutidos aufschnitt salumi embutidos-de-espana cold-cuts
      carnes-frias charcuteries-cuites charcuteries-diverses terrines rillettes foies-gras`,
    roles: 0,
    group: 'processed-meat',
  },
  {
    names: `meats-and-their-products viandes-et-derives productos-a-base-de-carne meats viandes carnes fleisch
      carni produits-a-la-viande meat-preparations preparations-de-viande preparados-de-carne`,
    roles: 0,
    group: 'meat',
  },
  {
    names: `seafood produits-de-la-mer productos-del-mar meeresfruchte fishes poissons pescados fische pesci
      fishes-and-their-products poissons-et-derives canned-fishes poissons-en-conserve
      conservas-de-pescado molluscs moluscos`,
    roles: 0,
    group: 'fish-and-seafood',
  },
  {
    names: `fatty-fishes poissons-gras salmons saumons salmones lachse smoked-salmons saumons-fumes tunas thons
      atunes sardines sardinas mackerels maquereaux caballa`,
    roles: 0,
    group: 'fatty-fish',
  },
  {
    names: 'eggs oeufs huevos eier uova chicken-eggs oeufs-de-poules huevos-de-gallina huevos-frescos',
    roles: 0,
    group: 'eggs',
  },
];

const PLANTS: readonly TagEntry[] = [
  {
    names: `potatoes pommes-de-terre patatas kartoffeln patate sweet-potatoes patates-douces boniatos
      batatas susskartoffeln patate-dolci`,
    roles: R.potato,
    group: 'potatoes',
  },
  {
    names: `vegetables legumes-frais hortalizas gemuse verdure fresh-vegetables
      verduras-y-hortalizas-frescas frisches-gemuse mushrooms champignons setas pilze funghi`,
    roles: R.fruitOrVegetable,
    group: 'vegetables',
  },
  {
    names: `vegetables-based-foods legumes-et-derives verduras-y-hortalizas-y-sus-productos
      gemuseprodukte canned-vegetables legumes-en-conserve verduras-y-hortalizas-en-conserva`,
    roles: R.fruitBased,
    group: 'vegetables',
  },
  {
    names: `fruits frutas obst frutta fresh-fruits frutas-frescas canned-fruits fruits-en-conserve
      frutas-en-conserva obstkonserven frozen-fruits fruits-surgeles frutas-congeladas fruit-sauces
      compotes compotas`,
    roles: R.fruitOrVegetable,
    group: 'fruits',
  },
  {
    names: `fruits-based-foods fruits-et-produits-derives fruits-et-derives frutas-y-sus-productos
      obstprodukte`,
    roles: R.fruitBased,
    group: 'fruits',
  },
  {
    names: 'dried-fruits fruits-secs frutas-deshidratadas frutas-secas trockenfruchte frutta-secca',
    roles: 0,
    group: 'dried-fruits',
  },
  {
    names: `jams confitures confitures-de-fruits confitura confituras mermeladas konfituren marmeladen
      marmellate confetture berry-jams`,
    roles: R.jam,
    group: 'sweets',
  },
  {
    names: `soups soupes sopas suppen zuppe gazpachos vegetable-soups soupes-de-legumes
      sopas-de-verduras-y-hortalizas sopas-frias veloutes`,
    roles: R.foodIn2021 | R.foodIn2023,
    group: 'soups',
  },
  {
    names: `legumes-and-their-products legumineuses-et-derives legumineuses leguminosas-y-derivados
      leguminosas hulsenfruchte legumi legumes-secs lentils lentilles lentejas linsen chickpeas garbanzos
      kichererbsen`,
    roles: 0,
    group: 'legumes',
  },
  {
    names: `pastas pates-alimentaires pastas-alimenticias nudeln pasta rices riz arroces reis riso flours
      farines harinas mehle farine cereals-and-their-products cereales-et-derives cereales-y-derivados`,
    roles: 0,
    group: 'cereals',
  },
  { names: 'breads pains panes brote pane', roles: 0, group: 'bread' },
  {
    names: `breakfast-cereals cereales-pour-petit-dejeuner cereales-para-el-desayuno fruhstuckscerealien
      cereali-da-colazione mueslis`,
    roles: 0,
    group: 'breakfast-cereals',
  },
];

const DISHES_AND_SNACKS: readonly TagEntry[] = [
  {
    names: 'meals plats-prepares comidas-preparadas fertiggerichte piatti-pronti',
    roles: 0,
    group: 'one-dish-meals',
  },
  { names: 'sandwichs sandwiches bocadillos panini', roles: 0, group: 'sandwiches' },
  {
    names: 'pizzas pizzas-pies-and-quiches pizzas-tartes-salees-et-quiches pizze quiches',
    roles: 0,
    group: 'pizza-pies-and-quiches',
  },
  {
    names: `confectioneries confiseries dulces sussigkeiten dolciumi candies bonbons caramelos
      chocolate-candies bonbons-de-chocolat sweeteners sweet-spreads`,
    roles: 0,
    group: 'sweets',
  },
  {
    names: 'chocolates chocolats schokoladen cioccolato',
    roles: 0,
    group: 'chocolate-products',
  },
  {
    names:
      'biscuits-and-cakes biscuits-et-gateaux galletas-y-pasteles biscuits cakes galletas kekse biscotti',
    roles: 0,
    group: 'biscuits-and-cakes',
  },
  { names: 'pastries viennoiseries patisseries bolleria geback', roles: 0, group: 'pastries' },
  {
    names: 'snacks-sucres snacks-dulces sweet-snacks susse-snacks snack-dolci',
    roles: 0,
    group: 'sugary-snacks',
  },
  {
    names: 'salty-snacks salted-snacks snacks-sales snacks-salados salzige-snacks snack-salati',
    roles: 0,
    group: 'salty-snacks',
  },
  {
    names: 'appetizers aperitifs aperitivos crisps chips chips-and-fries chips-et-frites biscuits-aperitifs',
    roles: 0,
    group: 'appetizers',
  },
  {
    names: `sauces salsas saucen salse condiments condimentos dressings mayonnaises mayonesas ketchup
      tomato-sauces salsas-de-tomate vinaigrettes`,
    roles: 0,
    group: 'dressings-and-sauces',
  },
];

/** Categories that never carry a Nutri-Score, and those that did not in the list of 2020. */
const NOT_APPLICABLE: readonly TagEntry[] = [
  {
    names: `baby-foods aliments-pour-bebe alimentos-infantiles alimentos-para-bebes babynahrung
      alimenti-per-bambini baby-milks laits-infantiles laits-pour-bebe leches-infantiles
      sauglingsmilch latti-per-bambini infant-formulas`,
    roles: R.notApplicable,
    group: 'baby-foods-and-milks',
  },
  {
    names: `aromatic-herbs herbes-aromatiques chewing-gum chewing-gums sugar-free-chewing-gum chicles
      kaugummis gomme-da-masticare food-additives additifs-alimentaires aditivos-alimentarios
      lebensmittelzusatzstoffe additivi-alimentari salts sels sales salze sali spices epices especias
      gewurze spezie sugar-substitutes succedanes-de-sucre sustitutos-del-azucar zuckerersatz
      vinegars vinaigres vinagres essige aceti balsamic-vinegars vinagres-de-vino vinagres-de-manzana
      dietary-supplements complements-alimentaires suplementos-dieteticos nahrungserganzungsmittel
      integratori-alimentari bodybuilding-supplements suplementos-de-culturismo protein-powders pet-food
      alimentation-animale non-food-products non-alimentaire productos-no-alimenticios`,
    roles: R.notApplicable,
  },
  {
    names: `meal-replacements meal-replacement substituts-de-repas sustitutos-de-comida
      mahlzeitenersatz sostituti-del-pasto`,
    roles: R.notApplicable | R.foodIn2021 | R.foodIn2023,
  },
  {
    names: 'honeys miels mieles honige mieli',
    roles: R.notApplicableIn2021,
    group: 'sweets',
  },
];

export const CATEGORY_ENTRIES: readonly TagEntry[] = [
  ...BEVERAGE_ENTRIES,
  ...DAIRY,
  ...FATS_NUTS_SEEDS,
  ...MEAT_FISH_EGGS,
  ...PLANTS,
  ...DISHES_AND_SNACKS,
  ...NOT_APPLICABLE,
];
