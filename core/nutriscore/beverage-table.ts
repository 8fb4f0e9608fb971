/** Categories of beverages: see `category-table.ts` for the form and the sources. */
import { CATEGORY_ROLES, rolesOf } from './category-roles.ts';
import type { TagEntry } from './tag-entry.ts';

const R = CATEGORY_ROLES;
/** What replaces milk, and drinks of milk: food in 2017/2021, a beverage in 2023 in any case. */
const MILK = rolesOf('beverage', 'foodIn2021', 'beverageIn2023');
/** Ready drinks of tea, herbs or coffee: beverages in both versions, graded in both. */
const INFUSION_DRINK = rolesOf('beverage', 'beverageIn2021', 'beverageIn2023', 'applicableIn2021');

export const BEVERAGE_ENTRIES: readonly TagEntry[] = [
  {
    names: `beverages boissons bebidas begudes getranke bevande drinks hot-beverages boissons-chaudes
      bebidas-para-tomar-calientes heissgetranke bevande-calde non-alcoholic-beverages boissons-sans-alcool
      bebidas-no-alcoholicas alkoholfreie-getranke bevande-analcoliche plant-based-drinks energy-drinks
      boissons-energisantes bebidas-energeticas energy-getranke bevande-energetiche sports-drinks
      fermented-drinks boissons-fermentees bebidas-fermentadas`,
    roles: R.beverage,
    group: 'beverages',
  },
  {
    names: `carbonated-drinks boissons-gazeuses bebidas-carbonatadas kohlensaurehaltige-getranke
      bevande-gassate sodas limonaden refrescos bibite lemonades limonades gaseosas colas bebidas-de-cola
      sweetened-beverages boissons-avec-sucre-ajoute boissons-sucrees bebidas-azucaradas gesusste-getranke
      bevande-zuccherate fruit-sodas tonics tonica fruit-based-beverages boissons-aux-fruits
      bebidas-a-base-de-frutas`,
    roles: R.beverage,
    group: 'sweetened-beverages',
  },
  {
    names: `artificially-sweetened-beverages boissons-edulcorees boissons-edulcorees-artificiellement
      bebidas-endulzadas-artificialmente kunstlich-gesusste-getranke bevande-edulcorate-artificialmente
      bevande-edulcorate diet-beverages
      carbonated-soft-drinks-without-fruit-juice-with-sugar-and-artificial-sweeteners
      carbonated-soft-drinks-without-fruit-juice-with-artificial-sweeteners boissons-light bebidas-light light-getranke bevande-light diet-sodas
      sodas-light diet-colas diet-cola-soft-drinks colas-light bebida-de-cola-light`,
    roles: R.beverage | R.sweetened,
    group: 'artificially-sweetened-beverages',
  },
  {
    names: `unsweetened-beverages boissons-sans-sucre-ajoute boissons-non-sucrees bebidas-no-azucaradas
      bebidas-sin-azucar ungesusste-getranke bevande-non-zuccherate`,
    roles: R.beverage,
    group: 'unsweetened-beverages',
  },
  {
    names: `waters eaux aguas wasser acque carbonated-waters eaux-gazeuses aguas-carbonatadas
      mineralwasser-mit-kohlensaure acque-gassate`,
    roles: R.beverage,
    group: 'waters-and-flavored-waters',
  },
  {
    names: `spring-waters eaux-de-sources eaux-de-source aguas-de-manantial quellwasser acque-di-sorgente
      mineral-waters eaux-minerales aguas-minerales mineralwasser acque-minerali natural-mineral-waters
      eaux-minerales-naturelles aguas-minerales-naturales naturliche-mineralwasser acque-minerali-naturali
      aguas-minerales-naturales-carbonatadas carbonated-mineral-waters carbonated-natural-mineral-waters`,
    roles: R.beverage | R.springWater,
    group: 'waters-and-flavored-waters',
  },
  {
    names: `flavored-waters flavoured-waters eaux-aromatisees aguas-aromatizadas aguas-saborizadas agua-aromatizada agua-con-gas-aromatizada
      aromatisierte-wasser aromatisierte-mineralwasser acque-aromatizzate`,
    roles: R.beverage | R.flavouredWater,
    group: 'waters-and-flavored-waters',
  },
  {
    names: `fruit-juices jus-de-fruits zumos-de-frutas fruchtsafte succhi-di-frutta jus-de-fruits-pur-jus
      orange-juices jus-d-orange zumos-de-naranja orangensafte succhi-d-arancia apple-juices jus-de-pomme
      apfelsafte multifruit-juices jus-multifruits zumos-multifruta squeezed-juices vegetable-juices
      jus-de-legumes zumos-de-verduras zumos-de-hortalizas gemusesafte succhi-di-verdura`,
    roles: R.beverage | R.juice,
    group: 'fruit-juices',
  },
  {
    names: `juices-and-nectars jus-et-nectars zumos-y-nectares safte-und-nektare fruit-juices-and-nectars
      jus-et-nectars-de-fruits succhi-e-nettari`,
    roles: R.beverage,
    group: 'fruit-juices',
  },
  {
    names: 'fruit-nectars nectars-de-fruits nectares-de-frutas fruchtnektare nettari-di-frutta',
    roles: R.beverage,
    group: 'fruit-nectars',
  },
  {
    names: `plant-based-beverages boissons-a-base-de-vegetaux bebidas-de-origen-vegetal
      pflanzliche-getranke bevande-a-base-vegetale`,
    roles: R.beverageIn2023,
  },
  {
    names: `plant-milks plant-based-milk-alternatives boissons-vegetales laits-vegetaux bebidas-vegetales
      leches-vegetales pflanzenmilch pflanzliche-milchalternativen bevande-vegetali milk-substitutes
      substitut-du-lait substituts-du-lait sustitutos-de-la-leche dairy-drinks-substitutes
      legume-based-drinks leches-de-leguminosas soy-based-drinks boissons-au-soja
      boissons-vegetales-de-soja bebidas-de-soja sojadrinks bevande-alla-soia oat-based-drinks
      boissons-a-l-avoine bebidas-de-avena haferdrinks nut-based-drinks leches-de-frutos-de-cascara
      almond-based-drinks leches-de-almendras cereal-based-drinks bebidas-de-cereales rice-based-drinks
      bebidas-de-arroz leches-de-chufa horchatas-de-chufa`,
    roles: MILK,
    group: 'plant-based-milk-substitutes',
  },
  {
    names: `coconut-milks-for-cooking cooking-coconut-milks coconut-milk-for-cooking
      laits-de-coco-pour-la-cuisine laits-de-coco-de-cuisine leches-de-coco-para-cocinar
      coconut-cream-and-milk-for-cooking`,
    roles: R.foodIn2023 | R.foodIn2021,
  },
  {
    names: 'teas thes tes tees te',
    roles: R.beverage | R.beverageIn2023,
    group: 'teas-and-herbal-teas-and-coffees',
  },
  {
    names: 'tea-bags thes-en-sachets te-en-bolsitas teebeutel',
    roles: R.beverage | R.foodIn2021 | R.beverageIn2023,
    group: 'teas-and-herbal-teas-and-coffees',
  },
  {
    names: `herbal-teas infusions tisanes infusiones krautertees tisane infusi
      coffees cafes kaffees caffe ground-coffees cafes-moulus cafes-molidos gemahlener-kaffee`,
    roles: R.beverage | R.foodIn2021 | R.beverageIn2023 | R.notApplicableIn2021,
    group: 'teas-and-herbal-teas-and-coffees',
  },
  {
    names: `tea-based-beverages boissons-au-the bebidas-de-te teegetranke bevande-al-te iced-teas thes-glaces
      tes-helados eistees te-freddi herbal-tea-beverages coffee-beverages boissons-au-cafe
      bebidas-de-cafe kaffeegetranke bevande-al-caffe coffee-drinks`,
    roles: INFUSION_DRINK,
    group: 'teas-and-herbal-teas-and-coffees',
  },
  {
    names: `beverage-preparations preparations-pour-boissons preparaciones-de-bebidas
      getrankezubereitungen preparati-per-bevande instant-beverages boissons-instantanees
      bebidas-instantaneas instantgetranke bevande-istantanee 
      instant-coffees cafes-solubles cafes-instantaneos`,
    roles: R.beverage | R.asPreparedOnly,
  },
  {
    names: `flavoured-syrups flavored-syrups sirops-aromatises jarabes-aromatizados aromatisierte-sirupe
      sciroppi-aromatizzati chocolate-powders chocolats-en-poudre cacaos-y-chocolates-en-polvo
      chocolates-en-polvo kakaopulver cocoa-and-chocolate-powders cacaos-et-chocolats-en-poudre
      cacao-e-cioccolato-in-polvere dessert-mixes preparations-pour-desserts
      preparaciones-para-postres dessertmischungen dried-products-to-be-rehydrated
      produits-lyophilises-a-reconstituer produits-deshydrates-a-reconstituer dehydrated-soups
      soupes-deshydratees sopas-deshidratadas trockensuppen`,
    roles: R.asPreparedOnly,
  },
  {
    names: `alcoholic-beverages boissons-alcoolisees bebidas-alcoholicas alkoholische-getranke
      bevande-alcoliche wines vins vinos weine vini beers bieres cervezas biere birre ciders cidres sidras
      hard-liquors spirits spiritueux bebidas-destiladas spirituosen licores wines-from-spain
      vins-espagnols vinos-de-espana red-wines vins-rouges vinos-tintos white-wines vins-blancs
      vinos-blancos sparkling-wines vinos-espumosos cava`,
    roles: R.beverage | R.notApplicable,
    group: 'alcoholic-beverages',
  },
];
