// The board of Valdehermoso, an invented town of some eight thousand people.
#include "announcement.hpp"

namespace demo {

Municipality valdehermoso() {
    using namespace es;
    const std::string sec = "Secretaría", alc = "Alcaldía", pleno = "Pleno", junta = "Junta de Gobierno Local", interv = "Intervención";
    Municipality m{"valdehermoso", "Ayuntamiento de Valdehermoso", "Valdehermoso", "es", "En {lugar}, a {fecha}.", "La Alcaldesa, Elena Robledo Casas", 0.48, 0.12, 0.23,
                   {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}, {}};
    m.announcements = {
        {"PRE/{anio}/1", "edicto", pleno, "Aprobación inicial del Presupuesto General para {anio}", "Quince días hábiles para examinar el presupuesto y presentar reclamaciones.", -3, 22,
         initial_approval("el Presupuesto General para el ejercicio {anio}, sus bases de ejecución y la plantilla de personal", "el artículo 169.1 del texto refundido de la Ley Reguladora de las Haciendas Locales") +
             Paragraphs{"# Resumen por capítulos", "Gastos: 1. Personal, 2.964.300,00 €. 2. Bienes corrientes y servicios, 2.511.800,00 €. 3. Gastos financieros, 18.400,00 €. 4. Transferencias corrientes, 412.650,00 €. "
                        "6. Inversiones reales, 1.287.000,00 €. 9. Pasivos financieros, 96.000,00 €. Total, 7.290.150,00 €.",
                        "Ingresos: 1. Impuestos directos, 2.410.000,00 €. 2. Impuestos indirectos, 145.000,00 €. 3. Tasas, 1.120.350,00 €. 4. Transferencias corrientes, 2.498.300,00 €. 5. Ingresos patrimoniales, 61.500,00 €. "
                        "7. Transferencias de capital, 1.055.000,00 €. Total, 7.290.150,00 €."}},
        {"RRHH/{ejercicio}/18", "empleo-publico", alc, "Lista provisional de admitidos: cuatro plazas de auxiliar administrativo", "Diez días hábiles para subsanar.", -4, 15, job_list("cuatro plazas de auxiliar administrativo", 213, 19)},
        {"URB/{ejercicio}/41", "urbanismo", junta, "Información pública del proyecto de urbanización «Las Eras»", "Treinta y dos viviendas, un parque y la prolongación de la calle del Molino.", -5, 32,
         {"La Junta de Gobierno Local aprobó inicialmente el proyecto de urbanización del sector SUR-3 «Las Eras», promovido por la junta de compensación del sector.",
          "El ámbito tiene 38.420 m² y linda al norte con el camino de la Vega, al sur con la carretera comarcal, al este con el arroyo de los Juncos y al oeste con el casco urbano. El proyecto comprende las redes de saneamiento "
          "separativo, abastecimiento, alumbrado, telecomunicaciones y riego, y la prolongación de la calle del Molino con carril para bicicletas.",
          "Se somete a información pública desde el {desde} hasta el {hasta}. Los planos y la memoria están en esta sede y en la Oficina Técnica, con cita previa los martes y jueves.",
          "Se solicitan al mismo tiempo los informes de la Confederación Hidrográfica, de la Diputación y de las compañías de servicios."}},
        {"SUB/{ejercicio}/7", "subvenciones", junta, "Convocatoria de ayudas para material escolar", "Hasta 120 euros por alumno de infantil y primaria.", -7, 21,
         grants("la compra de material escolar del segundo ciclo de educación infantil y de educación primaria", "Familias empadronadas en Valdehermoso con hijos matriculados en centros sostenidos con fondos públicos y con renta que no "
                "supere dos veces el IPREM anual de catorce pagas.", "24.000 euros", {"Renta de la unidad familiar: hasta 6 puntos.", "Familia numerosa o monoparental: 2 puntos.", "Discapacidad igual o superior al 33 %: 2 puntos."})},
        {"PLN/{ejercicio}/11", "plenos", alc, "Convocatoria del Pleno ordinario de noviembre", "", -1, 8,
         plenary("ordinaria", {"Aprobación del acta de la sesión anterior.", "Modificación de créditos 14/{ejercicio}, por crédito extraordinario.", "Ordenanza de la tasa de recogida de residuos: aprobación inicial.",
                               "Adhesión a la red de municipios por el clima.", "Moción sobre el centro de salud.", "Dación de cuenta de decretos e informes de Intervención.", "Ruegos y preguntas."})},
        {"BAN/{ejercicio}/9", "bando", alc, "Bando sobre la limpieza de solares y la prevención de incendios", "Los solares deben estar limpios y vallados.", -10, 40,
         {"Vecinas y vecinos: los propietarios de solares están obligados a mantenerlos limpios, vallados y libres de maleza y residuos, según el artículo 12 de la ordenanza municipal de policía y buen gobierno.",
          "Quienes no lo hayan hecho tienen hasta el {hasta}. Pasada esa fecha, el Ayuntamiento ordenará la ejecución subsidiaria a costa de la propiedad, sin perjuicio de la sanción que corresponda.",
          "Los restos de poda pueden llevarse al punto limpio de la carretera de la Vega, de martes a sábado de 10:00 a 19:00. Queda prohibida la quema sin autorización.", "Lo que hago público para general conocimiento, con la confianza en la colaboración de todos."}},
        {"TRI/{ejercicio}/22", "padron-tributos", interv, "Exposición del padrón de la tasa de recogida de basuras, segundo semestre", "", -12, 30, tax_roll("la tasa por recogida domiciliaria de residuos", "el segundo semestre de {ejercicio}")},
        {"LIC/{ejercicio}/56", "exposicion-publica", alc, "Licencia ambiental de una panadería con obrador en la calle Mayor", "", -6, 20,
         activity_licence("La sociedad Hornos del Valle, S. L.", "panadería con obrador y degustación", "la calle Mayor, 27, bajo", "LIC/{ejercicio}/56")},
        {"LIC/{ejercicio}/58", "exposicion-publica", alc, "Licencia ambiental de un taller de reparación de bicicletas", "", -2, 20, activity_licence("D. P. M. S.", "taller de reparación y venta de bicicletas", "la calle del Olmo, 4", "LIC/{ejercicio}/58")},
        {"CON/{ejercicio}/31", "contratacion", junta, "Licitación del mantenimiento de parques y jardines", "Este anuncio es informativo: las ofertas se presentan en la Plataforma de Contratación.", -8, 26,
         contract("el servicio de mantenimiento de parques, jardines y arbolado viario", "386.400,00 euros", "dos años, con dos prórrogas de un año")},
        {"ORD/{ejercicio}/5", "normativa", pleno, "Aprobación inicial de la ordenanza de movilidad", "Zonas de velocidad 30, bicicletas y patinetes.", -9, 45,
         initial_approval("la Ordenanza municipal de movilidad", "el artículo 49 de la Ley 7/1985, Reguladora de las Bases del Régimen Local") +
             Paragraphs{"La ordenanza regula la circulación y el estacionamiento, las zonas de velocidad limitada a 30 km/h, la carga y descarga, y el uso de bicicletas y vehículos de movilidad personal. Se han recogido 46 aportaciones en la consulta previa."}},
        {"EST/{ejercicio}/3", "anuncio", sec, "Cobranza de la comunidad de regantes de la Vega Alta", "", -14, 30,
         {"A petición de la Comunidad de Regantes de la Vega Alta se hace público que desde el {desde} hasta el {hasta} está abierto el período voluntario de cobro de las cuotas ordinarias del año {ejercicio}.",
          "El pago se hace en la oficina de la Comunidad, camino de la Vega, 8, los lunes y miércoles de 17:00 a 20:00, o mediante domiciliación."}},
        {"URB/{ejercicio}/44", "urbanismo", pleno, "Modificación puntual n.º 6 de las normas subsidiarias: aprobación inicial", "Cambio de altura en la avenida de la Estación.", -11, 30,
         initial_approval("la modificación puntual n.º 6 de las normas subsidiarias, que ajusta las alturas en la avenida de la Estación y califica como zona verde la antigua serrería", "la legislación autonómica del suelo") +
             Paragraphs{"Se suspende el otorgamiento de licencias en el ámbito afectado durante un año como máximo."}},
        {"SUB/{ejercicio}/9", "subvenciones", alc, "Ayudas a asociaciones culturales y deportivas", "", -1, 20,
         grants("actividades culturales y deportivas de asociaciones durante {anio}", "Asociaciones sin ánimo de lucro inscritas en el registro municipal con una antigüedad mínima de un año.", "36.500 euros",
                {"Interés general y número de personas a las que llega: hasta 40 puntos.", "Colaboración entre asociaciones: hasta 20 puntos.", "Perspectiva de igualdad e inclusión: hasta 20 puntos.", "Financiación propia: hasta 20 puntos."})},
        {"RRHH/{ejercicio}/21", "empleo-publico", alc, "Bases de la convocatoria de dos plazas de agente de la Policía Local", "Oposición libre; solicitudes hasta el último día de exposición.", -2, 20,
         job_call("agente de la Policía Local", "C, subgrupo C1", 2, "pruebas físicas; cuestionario de cien preguntas; prueba psicotécnica; supuesto práctico; reconocimiento médico.")},
        {"RRHH/{ejercicio}/22", "empleo-publico", alc, "Bolsa de trabajo de monitores de ocio y tiempo libre", "", 0, 15,
         job_call("monitor de ocio y tiempo libre", "C, subgrupo C2", 6, "cuestionario de cuarenta preguntas y presentación de un proyecto de campamento urbano.")},
        {"BAN/{ejercicio}/10", "bando", alc, "Corte de agua por obras en la red de la calle Real", "Sin agua de 9:00 a 14:00 en seis calles.", 0, 4,
         {"Por la renovación de la red de abastecimiento, mañana se cortará el agua de 9:00 a 14:00 en las calles Real, del Pozo, de la Fragua, Nueva, de la Cruz y del Barranco.",
          "Al restablecerse el servicio el agua puede salir turbia durante unos minutos; basta con dejarla correr. Habrá un camión cisterna en la plaza de la Fragua.", "Disculpen las molestias."}},
        {"PAD/{ejercicio}/2", "padron-tributos", sec, "Baja de oficio en el padrón por inscripción indebida", "Notificación por edicto a cinco personas.", -6, 16,
         {"No habiendo sido posible la notificación personal, se comunica a las personas que se relacionan el inicio del expediente de baja de oficio en el padrón municipal, por no residir en el domicilio en que constan "
          "(artículo 72 del Reglamento de Población y Demarcación Territorial).",
          "A. B. C., ***4821**; M. T. R., ***1190**; J. L. P., ***7735**; S. K., X***206*; N. O., Y***914*.", "Disponen de diez días para manifestar si están de acuerdo con la baja o presentar los documentos que acrediten su residencia."}},
        {"PAT/{ejercicio}/4", "anuncio", junta, "Subasta de aprovechamientos forestales del monte «La Umbría»", "1.140 metros cúbicos de pino, en pie.", -4, 20,
         {"Se anuncia la subasta del aprovechamiento maderable del monte de utilidad pública n.º 87 «La Umbría», lote único de 1.140 m³ de pino silvestre en pie, con un tipo de licitación de 34.200,00 euros, IVA excluido.",
          "Las proposiciones se presentan en el registro del Ayuntamiento hasta las 14:00 del {hasta}. La apertura se hará en acto público el quinto día hábil siguiente."}},
        {"CEM/{ejercicio}/1", "anuncio", alc, "Concesiones del cementerio cuyo plazo termina", "", -15, 60,
         {"Se relacionan en el anexo de este anuncio las concesiones de nichos y sepulturas del cementerio municipal cuyo plazo de cincuenta años termina en {ejercicio}.",
          "Los titulares o sus herederos pueden pedir la renovación hasta el {hasta}. De no hacerlo, los restos se trasladarán al osario común con el respeto debido.",
          "Bloque 2: nichos 14, 15, 22, 31 y 40. Bloque 3: nichos 3, 8 y 17. Patio antiguo: sepulturas 112, 118 y 131."}},
        {"FIE/{ejercicio}/6", "convocatoria", alc, "Concurso de carteles de las fiestas patronales", "Premio de 400 euros.", -3, 45,
         {"Se convoca el concurso del cartel anunciador de las fiestas patronales de {anio}, abierto a cualquier persona mayor de dieciséis años.",
          "Las obras, originales e inéditas, se presentan en tamaño 50 × 70 cm y en PDF, con plica, hasta el {hasta}. Debe figurar el texto «Fiestas de la Virgen del Soto, Valdehermoso {anio}».", "El premio, único, es de 400 euros. El jurado puede declararlo desierto."}},
        {"MER/{ejercicio}/2", "anuncio", alc, "Adjudicación de puestos vacantes del mercadillo", "", -5, 25,
         {"Están vacantes siete puestos del mercadillo de los jueves: tres de alimentación, dos de textil, uno de menaje y uno de flores.", "Las solicitudes se presentan hasta el {hasta} con la declaración responsable y el seguro de "
          "responsabilidad civil. Si hay más solicitudes que puestos, se adjudican por sorteo público."}},
        {"CTA/{ejercicio}/1", "edicto", interv, "Exposición pública de la Cuenta General del ejercicio anterior", "", -20, 30,
         {"Formulada por la Intervención y dictaminada favorablemente por la Comisión Especial de Cuentas, la Cuenta General queda expuesta por quince días hábiles, del {desde} al {hasta}, durante los cuales y ocho más las personas "
          "interesadas pueden presentar reclamaciones, reparos u observaciones (artículo 212.3 del texto refundido de la Ley Reguladora de las Haciendas Locales)."}},
        {"VIA/{ejercicio}/14", "bando", alc, "Cortes de tráfico por la carrera popular", "", 5, 6, {"Con motivo de la XXII Carrera Popular se corta el tráfico de 10:00 a 13:00 en la avenida de la Estación, la calle Mayor y el paseo del Río. Los autobuses paran en la plaza del Mercado."}},
        {"RRHH/{ejercicio}/23", "empleo-publico", alc, "Nombramiento de funcionaria en prácticas", "Se publicará el primer día del mes próximo.", 9, 15,
         {"Concluido el proceso selectivo de una plaza de técnica de Administración General, se nombra funcionaria en prácticas a la aspirante propuesta por el tribunal, L. F. G., ***3358**."}},
        {"URB/{ejercicio}/47", "urbanismo", junta, "Borrador: estudio de detalle de la manzana del Convento", "", 3, 30, {"La Junta de Gobierno Local aprueba inicialmente el estudio de detalle de la manzana del Convento, que reordena los volúmenes sin aumentar la edificabilidad."}, "borrador"},
        {"SUB/{ejercicio}/10", "subvenciones", junta, "Borrador: ayudas a la rehabilitación de fachadas", "", 6, 30,
         grants("la rehabilitación de fachadas del casco antiguo", "Propietarios y comunidades de propietarios de edificios de más de cincuenta años.", "60.000 euros", {"Estado de conservación.", "Interés del edificio.", "Accesibilidad."}), "borrador"},
        {"SUB/{ejercicio}/6", "subvenciones", junta, "Convocatoria de ayudas de comedor escolar", "Retirada por error en el límite de renta; se convoca de nuevo.", -35, 20,
         grants("el comedor escolar del curso", "Familias empadronadas con alumnado de primaria.", "18.000 euros", {"Renta de la unidad familiar.", "Número de hijos."}), "retirado", "Error en el límite de renta de la base tercera. La convocatoria se publica de nuevo, corregida."},
        {"SUB/{ejercicio}/6 bis", "subvenciones", junta, "Corrección: convocatoria de ayudas de comedor escolar", "Sustituye a la anterior, con el límite de renta corregido.", -30, 45,
         grants("el comedor escolar del curso", "Familias empadronadas con alumnado de primaria y renta que no supere 2,5 veces el IPREM anual.", "18.000 euros", {"Renta de la unidad familiar.", "Número de hijos."}), "publicado", "", "SUB/{ejercicio}/6"},
        {"LIC/{ejercicio}/40", "exposicion-publica", alc, "Licencia ambiental de una explotación ovina en el paraje «Los Llanos»", "", -60, 20, activity_licence("Ganados Los Llanos, S. C.", "explotación ovina de 450 cabezas", "el polígono 9, parcela 114", "LIC/{ejercicio}/40")},
        {"LIC/{ejercicio}/33", "exposicion-publica", alc, "Licencia ambiental de un bar con terraza en la plaza del Mercado", "", -95, 20, activity_licence("D.ª R. V. T.", "bar con cocina y terraza de doce mesas", "la plaza del Mercado, 9", "LIC/{ejercicio}/33")},
        {"TRI/{ejercicio}/15", "padron-tributos", interv, "Padrón del impuesto sobre vehículos de tracción mecánica", "", -150, 31, tax_roll("el impuesto sobre vehículos de tracción mecánica", "el ejercicio {ejercicio}")},
        {"TRI/{ejercicio}/18", "padron-tributos", interv, "Padrón del impuesto sobre bienes inmuebles de naturaleza urbana", "", -90, 31, tax_roll("el impuesto sobre bienes inmuebles de naturaleza urbana", "el ejercicio {ejercicio}")},
        {"PLN/{ejercicio}/10", "plenos", alc, "Convocatoria del Pleno ordinario de octubre", "", -32, 8,
         plenary("ordinaria", {"Aprobación del acta de la sesión anterior.", "Ordenanza de movilidad: dictamen de la comisión informativa.", "Cuenta General.", "Ruegos y preguntas."})},
        {"PLN/{ejercicio}/9", "plenos", alc, "Convocatoria del Pleno extraordinario sobre la residencia de mayores", "", -70, 6, plenary("extraordinaria", {"Encomienda de gestión de la residencia municipal de mayores.", "Modificación de la plantilla."})},
        {"ORD/{ejercicio}/2", "normativa", pleno, "Aprobación definitiva de la ordenanza de terrazas", "", -120, 30,
         {"Transcurrido el plazo de información pública sin reclamaciones, queda aprobada definitivamente la Ordenanza reguladora de terrazas y veladores, cuyo texto íntegro se publica.",
          "# Artículo 1. Objeto", "Esta ordenanza regula la ocupación del dominio público con mesas, sillas y elementos auxiliares.", "# Artículo 2. Paso libre", "Se respetará siempre un itinerario peatonal accesible de 1,80 metros de ancho.",
          "# Artículo 3. Horario", "De domingo a jueves hasta las 24:00; viernes, sábados y vísperas de festivo hasta la 1:00.", "# Disposición final", "Entrará en vigor a los quince días hábiles de su publicación íntegra en el boletín oficial de la provincia."}},
        {"CON/{ejercicio}/12", "contratacion", junta, "Licitación de la reforma del polideportivo", "", -130, 26, contract("las obras de reforma de la cubierta y los vestuarios del polideportivo municipal", "642.118,40 euros", "siete meses")},
        {"RRHH/{ejercicio}/9", "empleo-publico", alc, "Bases de una plaza de oficial de mantenimiento", "", -140, 20, job_call("oficial de mantenimiento", "C, subgrupo C2", 1, "cuestionario de cincuenta preguntas y prueba práctica de fontanería y electricidad.")},
        {"BAN/{ejercicio}/4", "bando", alc, "Bando sobre el uso responsable del agua en verano", "", -145, 60, {"Ante la escasez de lluvias se prohíbe el llenado de piscinas privadas y el riego de jardines con agua de la red entre las 8:00 y las 22:00. Agradezco la colaboración de todos."}},
        {"ELE/{ejercicio}/1", "anuncio", sec, "Exposición de las listas del censo electoral", "", -200, 8, {"Las listas del censo electoral están expuestas del {desde} al {hasta}. Pueden consultarse en la Secretaría o por medios informáticos, con identificación personal, y reclamarse ante la Oficina del Censo Electoral."}},
        {"PRE/{ejercicio}/3", "edicto", pleno, "Modificación de créditos 9/{ejercicio}: aprobación inicial", "", -75, 21, initial_approval("el expediente de modificación de créditos 9/{ejercicio}, en la modalidad de suplemento de crédito por 148.000,00 euros", "los artículos 169 y 177 del texto refundido de la Ley Reguladora de las Haciendas Locales")},
        {"JUZ/{ejercicio}/1", "anuncio", pleno, "Elección de juez de paz sustituto", "Quince días hábiles para presentar la solicitud.", -7, 22,
         {"Va a quedar vacante el cargo de juez de paz sustituto. Las personas que cumplan los requisitos legales y deseen desempeñarlo pueden presentar su solicitud hasta el {hasta} (artículo 5 del Reglamento 3/1995, de los Jueces de Paz).",
          "A la solicitud se acompañan el documento de identidad y la declaración de no estar en causa de incapacidad o incompatibilidad."}},
        {"EXP/{ejercicio}/8", "exposicion-publica", junta, "Deslinde del camino público de la Dehesa", "", -16, 45,
         {"Acordado el inicio del deslinde del camino público de la Dehesa, desde la ermita hasta el límite del término, se convoca a los propietarios colindantes.", "El apeo comenzará a las 10:00 del segundo lunes posterior al {hasta}, en la ermita. Hasta "
          "veinte días antes pueden presentarse los títulos y pruebas que se estimen."}},
    };
    return m;
}

}  // namespace demo
