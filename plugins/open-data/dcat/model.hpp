// A catalogue of open data as values: what DCAT-AP-ES and NTI-RISP say of one, in the words of DCAT 3.
//
// Codes of vocabularies are given as vocabulary.hpp knows them: the last step of the URI ("CC_BY_4_0") or the
// whole URI. A URI that the tables do not hold is written as it is; a code that they do not hold is not
// written, and find_problems() says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace open_data::dcat {

/// UTF-8 by BCP 47 tag; Spanish ("es") must be one of them (DCAT-AP-ES, convention 02).
using Texts = std::map<std::string, std::string>;
using Keywords = std::map<std::string, std::vector<std::string>>;
using Instant = std::chrono::sys_seconds;  ///< UTC; written with its zone
using Day = std::chrono::year_month_day;

/// Law 37/2007 on the reuse of public-sector information, as ELI.
inline constexpr const char* reuse_law = "https://www.boe.es/eli/es/l/2007/11/16/37";
/// Commission Implementing Regulation (EU) 2023/138: added by itself to what has a high-value category.
inline constexpr const char* hvd_regulation = "http://data.europa.eu/eli/reg_impl/2023/138/oj";

/// A public body registered with datos.gob.es; its URI follows from the code (convention 01).
struct Agent {
    std::string dir3;  ///< "L01280796": a letter, then eight capital letters or digits
    Texts name;
};

/// vcard:Kind (conventions 18-20).
struct Contact {
    std::string uri;  ///< empty: the URI of what it is the contact of, and #contacto
    Texts name;
    std::string email;      ///< "datos@ejemplo.es"
    std::string telephone;  ///< "+34 910 000 000": blanks are dropped
    std::string page;       ///< URL of the form
};

/// Open at one end at most (convention 22).
struct Period {
    std::optional<Day> start, end;
};

struct Distribution {
    std::string uri;
    Texts title, description;
    std::string access_url;    ///< the page where it is got
    std::string download_url;  ///< the file itself
    std::string format;        ///< ours: "csv"
    std::string media_type;    ///< empty: that of the format
    std::string license;       ///< code or URI
    std::optional<std::uint64_t> bytes;
    bool made_here = false;    ///< of a table's rows, by the portal: its size is known once it is made
    std::string sha256, sha1;  ///< hexadecimal. DCAT-AP-ES takes SHA-1 only: SHA-256 goes as schema:sha256
    std::string availability;  ///< code: "AVAILABLE", "STABLE" …
    std::optional<Instant> issued, modified;
    std::vector<std::string> conforms_to;  ///< URLs of the schemas that it follows
    std::string described_by;              ///< URL of its documentation (CSVW, Table Schema)
};

struct Dataset {
    std::string uri;
    std::string identifier;  ///< unique and stable (convention 06); empty: the URI
    Texts title, description;
    Keywords keywords;
    std::vector<std::string> sectors;  ///< NTI sectors: "demografia"; the EU themes follow from them
    std::optional<Agent> publisher;    ///< none: the catalogue's
    std::optional<Contact> contact;    ///< none: the catalogue's
    std::vector<std::string> spatial;  ///< URIs of NTI territories (convention 16)
    std::optional<Period> temporal;
    std::optional<Instant> issued, modified;
    std::string frequency;  ///< code: "ANNUAL"
    std::vector<std::string> languages{"es"};
    std::string access_right;  ///< code: "PUBLIC"
    std::vector<std::string> hvd_categories;
    std::vector<std::string> legislation{reuse_law};  ///< ELI (convention 07)
    std::vector<std::string> conforms_to;
    std::vector<std::string> related;  ///< URIs of other datasets, of this catalogue or not
    std::string landing_page;
    std::string version;
    Texts version_notes;
    bool withdrawn = false;  ///< its distributions get the status WITHDRAWN
    std::optional<Instant>
        withdrawn_at;              ///< of a withdrawn one: with it, its record in the catalogue says so
    std::string withdrawn_reason;  ///< in Spanish
    std::vector<Distribution> distributions;
    std::vector<std::string> served_by;  ///< URIs of the catalogue's services that give its data
};

/// Which datasets it serves is said by them (served_by), for a page of a catalogue holds only some; its
/// high-value categories are theirs.
struct DataService {
    std::string uri;
    Texts title, description;
    Keywords keywords;
    std::string endpoint_url;
    std::string endpoint_description;  ///< URL of its OpenAPI document
    std::string page;                  ///< URL of its documentation
    std::vector<std::string> sectors;
    std::string license, access_right;
    std::optional<Agent> publisher;    ///< none: the catalogue's
    std::optional<Contact> contact;    ///< none: the catalogue's
    std::vector<std::string> spatial;  ///< URIs of NTI territories
    std::vector<std::string> legislation{reuse_law};
    std::vector<std::string> conforms_to;
    bool always = false;  ///< described also where no dataset of the document names it
};

/// One per publisher (convention 09).
struct Catalog {
    std::string uri;
    Texts title, description;
    Agent publisher;
    Contact contact;  ///< of the datasets and services that have none of their own
    std::string homepage;
    std::optional<Instant> issued, modified;
    std::vector<std::string> languages{"es"};
    std::string license;
    std::vector<std::string> spatial;
    std::vector<DataService> services;
};

/// A page of the catalogue (hydra). Empty addresses are not written.
struct Page {
    std::string url, first, previous, next, last;
    std::uint64_t items_per_page = 0, total_items = 0;
};

}  // namespace open_data::dcat
