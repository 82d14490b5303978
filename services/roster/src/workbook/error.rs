//! Why a file cannot be read. Messages are Russian and hold nothing of the file's content.

use std::borrow::Cow;

/// What a file that is no XLSX workbook seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A PDF.
    Pdf,
    /// An old binary workbook (or another OLE document).
    OldOffice,
    /// A binary workbook, .xlsb.
    BinaryWorkbook,
    /// A text document, .docx.
    TextDocument,
    /// A presentation, .pptx.
    Presentation,
    /// An OpenDocument file.
    OpenDocument,
    /// A web page or XML.
    Markup,
    /// Plain text, CSV perhaps.
    Text,
    /// A ZIP archive of something else.
    Archive,
    /// None of these.
    Unknown,
}

impl Found {
    const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "документ PDF",
            Self::OldOffice => "файл старого формата (.xls, .doc)",
            Self::BinaryWorkbook => "двоичная книга .xlsb",
            Self::TextDocument => "текстовый документ .docx",
            Self::Presentation => "презентация .pptx",
            Self::OpenDocument => "файл OpenDocument",
            Self::Markup => "веб-страница или XML",
            Self::Text => "обычный текст или CSV",
            Self::Archive => "архив ZIP с другими файлами",
            Self::Unknown => "файл неизвестного формата",
        }
    }
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing in it.
    #[error("файл пуст")]
    Empty,
    /// More bytes than a workbook may have.
    #[error("файл больше {} МБ", .limit >> 20)]
    FileTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Another format.
    #[error("это не книга XLSX и не архив с файлами CSV, а {}", .0.name())]
    NotXlsx(Found),
    /// Protected by a password.
    #[error("файл закрыт паролем")]
    Encrypted,
    /// Cut off, or broken in another way.
    #[error("файл повреждён: {detail}")]
    Damaged {
        /// What exactly, for support.
        detail: Cow<'static, str>,
    },
    /// It unpacks to more than is allowed, whatever its directory says.
    #[error("после распаковки файл больше {} МБ", .limit >> 20)]
    UnpackedTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A DTD or an entity of its own in the XML.
    #[error("в файле есть определения сущностей XML, которых в книге быть не может")]
    XmlEntities,
    /// Too many parts in the directory.
    #[error("в файле больше {limit} частей")]
    TooManyParts {
        /// The limit.
        limit: usize,
    },
    /// Too many sheets.
    #[error("в книге больше {limit} листов")]
    TooManySheets {
        /// The limit.
        limit: usize,
    },
    /// Something stands too far down.
    #[error("на листе «{sheet}» есть значения ниже строки {limit}")]
    TooManyRows {
        /// Title of the sheet.
        sheet: String,
        /// The limit.
        limit: u32,
    },
    /// Something stands too far right.
    #[error("на листе «{sheet}» есть значения правее столбца {limit}")]
    TooManyColumns {
        /// Title of the sheet.
        sheet: String,
        /// The limit.
        limit: u16,
    },
    /// Too many cells hold something.
    #[error("в книге больше {limit} заполненных ячеек")]
    TooManyCells {
        /// The limit.
        limit: usize,
    },
    /// A CSV file in another encoding than UTF-8.
    #[error("файл {file} не в кодировке UTF-8, а похоже, в {looks_like}")]
    WrongEncoding {
        /// Name of the file.
        file: String,
        /// What it seems to be.
        looks_like: &'static str,
    },
    /// A name in the archive that leads out of it.
    #[error("в архиве есть имена файлов, ведущие за его пределы")]
    UnsafeNames,
    /// A cell of a CSV file longer than any spreadsheet stores.
    #[error("в файле {file}, строка {line}, ячейка длиннее {limit} знаков")]
    CellTooLong {
        /// Name of the file.
        file: String,
        /// Line on which its record begins.
        line: u32,
        /// The limit.
        limit: usize,
    },
    /// Too much text.
    #[error("в книге больше {} МБ текста", .limit >> 20)]
    TooMuchText {
        /// The limit in bytes.
        limit: usize,
    },
}

impl ReadError {
    pub(super) fn damaged(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::Damaged {
            detail: detail.into(),
        }
    }

    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "FILE_EMPTY",
            Self::FileTooLarge { .. } => "FILE_TOO_LARGE",
            Self::NotXlsx(_) => "FILE_NOT_XLSX",
            Self::Encrypted => "FILE_ENCRYPTED",
            Self::Damaged { .. } => "FILE_DAMAGED",
            Self::UnpackedTooLarge { .. } => "FILE_UNPACKED_TOO_LARGE",
            Self::XmlEntities => "FILE_XML_ENTITIES",
            Self::TooManyParts { .. } => "FILE_TOO_MANY_PARTS",
            Self::TooManySheets { .. } => "FILE_TOO_MANY_SHEETS",
            Self::TooManyRows { .. } => "FILE_TOO_MANY_ROWS",
            Self::TooManyColumns { .. } => "FILE_TOO_MANY_COLUMNS",
            Self::TooManyCells { .. } => "FILE_TOO_MANY_CELLS",
            Self::TooMuchText { .. } => "FILE_TOO_MUCH_TEXT",
            Self::WrongEncoding { .. } => "FILE_WRONG_ENCODING",
            Self::UnsafeNames => "FILE_UNSAFE_NAMES",
            Self::CellTooLong { .. } => "FILE_CELL_TOO_LONG",
        }
    }

    /// What to do, in Russian.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "Выберите файл с данными школы",
            Self::NotXlsx(_) => {
                "Откройте файл в редакторе таблиц и сохраните как «Книга Excel (.xlsx)»"
            }
            Self::Encrypted => "Снимите пароль и загрузите файл снова",
            Self::Damaged { .. } | Self::XmlEntities | Self::TooManyParts { .. } => {
                "Откройте файл в редакторе таблиц, сохраните заново как .xlsx и загрузите снова"
            }
            Self::FileTooLarge { .. }
            | Self::UnpackedTooLarge { .. }
            | Self::TooMuchText { .. } => {
                "Оставьте в книге только листы формы, уберите картинки и лишние данные"
            }
            Self::WrongEncoding { .. } => "Сохраните файл в кодировке UTF-8 и соберите архив снова",
            Self::UnsafeNames => "Соберите архив заново: файлы CSV лежат в нём без путей",
            Self::CellTooLong { .. } => "Проверьте кавычки и переводы строк в этом месте файла",
            Self::TooManySheets { .. } => "Оставьте в книге только листы формы",
            Self::TooManyRows { .. } | Self::TooManyColumns { .. } | Self::TooManyCells { .. } => {
                "Удалите лишние строки и столбцы: скопируйте данные на чистый лист формы"
            }
        }
    }
}
