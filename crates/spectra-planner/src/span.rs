//! Places in the files that were read: every piece of a manifest knows where its author wrote it, whatever file that
//! was in. It does not know what the files are called; [`crate::report`] does.

/// One of the files that were read, by its number in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct FileId(pub(crate) usize);

/// A stretch of a file. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// The file.
    pub(crate) file: FileId,
    /// Line of the first character.
    pub(crate) line: usize,
    /// Column of the first character.
    pub(crate) column: usize,
    /// Line of the character after the last.
    pub(crate) end_line: usize,
    /// Column of the character after the last.
    pub(crate) end_column: usize,
}

impl Span {
    /// The first character of a file: where to point when it is meant as a whole.
    pub(crate) fn start(file: FileId) -> Self {
        Self { file, line: 1, column: 1, end_line: 1, end_column: 2 }
    }

    /// The same as the model has it, which knows the file by its name.
    pub(crate) fn in_its_file(self) -> spectra_model::diagnostic::Span {
        let Self { file: _, line, column, end_line, end_column } = self;
        spectra_model::diagnostic::Span { line, column, end_line, end_column }
    }
}
