"""The product's tools by palette group, with their plugin ids and macro files, so that what is not there has a name."""

from __future__ import annotations

from collections.abc import Mapping

_TOOLS = {
    "In/Out": """
        Browse: AlteryxBasePluginsGui.BrowseV2.BrowseV2 AlteryxBasePluginsGui.Browse.Browse
        Date Time Now: Date_Time_Now.yxmc
        Directory: AlteryxBasePluginsGui.Directory.Directory
        Input Data: AlteryxBasePluginsGui.DbFileInput.DbFileInput
        Map Input: AlteryxSpatialPluginsGui.MapInput.MapInput
        Output Data: AlteryxBasePluginsGui.DbFileOutput.DbFileOutput
        Text Input: AlteryxBasePluginsGui.TextInput.TextInput
    """,
    "Preparation": """
        Auto Field: AlteryxBasePluginsGui.AutoField.AutoField
        Create Samples: Create_Samples.yxmc
        Data Cleansing: AlteryxBasePluginsGui.DataCleansing.DataCleansing Cleanse.yxmc
        Filter: AlteryxBasePluginsGui.Filter.Filter
        Formula: AlteryxBasePluginsGui.Formula.Formula
        Generate Rows: AlteryxBasePluginsGui.GenerateRows.GenerateRows
        Imputation: Imputation_v2.yxmc Imputation_v3.yxmc
        Multi-Field Binning: MultiFieldBinning_v2.yxmc
        Multi-Field Formula: AlteryxBasePluginsGui.MultiFieldFormula.MultiFieldFormula
        Multi-Row Formula: AlteryxBasePluginsGui.MultiRowFormula.MultiRowFormula
        Oversample Field: Oversample_Field.yxmc
        Random % Sample: RandomRecords.yxmc
        Record ID: AlteryxBasePluginsGui.RecordID.RecordID
        Sample: AlteryxBasePluginsGui.Sample.Sample
        Select: AlteryxBasePluginsGui.AlteryxSelect.AlteryxSelect
        Select Records: SelectRecords.yxmc
        Sort: AlteryxBasePluginsGui.Sort.Sort
        Tile: AlteryxBasePluginsGui.Tile.Tile
        Unique: AlteryxBasePluginsGui.Unique.Unique
    """,
    "Join": """
        Append Fields: AlteryxBasePluginsGui.AppendFields.AppendFields
        Find Replace: AlteryxBasePluginsGui.FindReplace.FindReplace
        Fuzzy Match: AlteryxBasePluginsGui.FuzzyMatch.FuzzyMatch
        Join: AlteryxBasePluginsGui.Join.Join
        Join Multiple: AlteryxBasePluginsGui.JoinMultiple.JoinMultiple
        Make Group: AlteryxBasePluginsGui.MakeGroup.MakeGroup
        Union: AlteryxBasePluginsGui.Union.Union AlteryxBasePluginsGui.UnionV2.UnionV2
    """,
    "Parse": """
        DateTime: AlteryxBasePluginsGui.DateTime.DateTime
        RegEx: AlteryxBasePluginsGui.RegEx.RegEx
        Text To Columns: AlteryxBasePluginsGui.TextToColumns.TextToColumns
        XML Parse: AlteryxBasePluginsGui.XMLParse.XMLParse
    """,
    "Transform": """
        Arrange: AlteryxBasePluginsGui.Arrange.Arrange
        Count Records: AlteryxBasePluginsGui.CountRecords.CountRecords CountRecords.yxmc
        Cross Tab: AlteryxBasePluginsGui.CrossTab.CrossTab
        Make Columns: AlteryxBasePluginsGui.MakeColumns.MakeColumns
        Running Total: AlteryxBasePluginsGui.RunningTotal.RunningTotal
        Summarize: AlteryxSpatialPluginsGui.Summarize.Summarize AlteryxBasePluginsGui.Summarize.Summarize
        Transpose: AlteryxBasePluginsGui.Transpose.Transpose
        Weighted Average: Weighted_Avg.yxmc WeightedAvg.yxmc
    """,
    "In-Database": """
        Browse In-DB: LockInGui.LockInBrowse.LockInBrowse
        Connect In-DB: LockInGui.LockInInput.LockInInput
        Data Stream Out: LockInGui.LockInStreamOut.LockInStreamOut
        Dynamic Output In-DB: LockInGui.LockInDynamicOutput.LockInDynamicOutput
        Filter In-DB: LockInGui.LockInFilter.LockInFilter
        Formula In-DB: LockInGui.LockInFormula.LockInFormula
        Join In-DB: LockInGui.LockInJoin.LockInJoin
        Summarize In-DB: LockInGui.LockInSummarize.LockInSummarize
    """,
    "Reporting": """
        Email: PortfolioPluginsGui.Email.Email
        Image: PortfolioPluginsGui.ComposerImage.PortfolioComposerImage
        Insight: Insights
        Interactive Chart: PlotlyCharting
        Layout: PortfolioPluginsGui.ComposerLayout.PortfolioComposerLayout
        Overlay: PortfolioPluginsGui.ComposerOverlay.Overlay
        Render: PortfolioPluginsGui.ComposerRender.PortfolioComposerRender
        Report Chart: AlteryxReportChartGui.AlteryxReportChartGui
        Report Header: ReportHeader
        Report Map: AlteryxSpatialPluginsGui.ReportMap.ReportMap
        Report Text: PortfolioPluginsGui.ComposerText.PortfolioComposerText
        Table: PortfolioPluginsGui.ComposerTable.PortfolioComposerTable
    """,
    "Spatial": """
        Buffer: AlteryxSpatialPluginsGui.Buffer.Buffer
        Create Points: AlteryxSpatialPluginsGui.CreatePoints.CreatePoints
        Distance: AlteryxSpatialPluginsGui.Distance.Distance
        Find Nearest: AlteryxSpatialPluginsGui.FindNearest.FindNearest
        Make Grid: AlteryxSpatialPluginsGui.MakeGrid.MakeGrid
        Poly-Build: AlteryxSpatialPluginsGui.PolyBuild.PolyBuild
        Poly-Split: AlteryxSpatialPluginsGui.PolySplit.PolySplit
        Smooth: AlteryxSpatialPluginsGui.Smooth.Smooth
        Spatial Info: AlteryxSpatialPluginsGui.SpatialInfo.SpatialInfo
        Spatial Match: AlteryxSpatialPluginsGui.SpatialMatch.SpatialMatch
        Spatial Process: AlteryxSpatialPluginsGui.SpatialProcess.SpatialProcess
        Trade Area: AlteryxSpatialPluginsGui.TradeArea.TradeArea
    """,
    "Interface": """
        Action: AlteryxGuiToolkit.Action.Action
        Check Box: AlteryxGuiToolkit.Questions.CheckBoxGroup.CheckBoxGroup
        Condition: AlteryxGuiToolkit.Condition.Condition
        Control Parameter: AlteryxGuiToolkit.Questions.ControlParam.ControlParam
        Date: AlteryxGuiToolkit.Questions.Date.Date
        Drop Down: AlteryxGuiToolkit.Questions.DropDownListBox.DropDown
        Error Message: AlteryxGuiToolkit.Error.Error
        File Browse: AlteryxGuiToolkit.Questions.FileBrowse.FileBrowse
        Folder Browse: AlteryxGuiToolkit.Questions.FolderBrowse.FolderBrowse
        Label: AlteryxGuiToolkit.Questions.Label.Label
        Label Group: AlteryxGuiToolkit.Questions.LabelGroup.LabelGroup
        Link: AlteryxGuiToolkit.Questions.Link.Link
        List Box: AlteryxGuiToolkit.Questions.DropDownListBox.ListBox
        Macro Input: AlteryxBasePluginsGui.MacroInput.MacroInput
        Macro Output: AlteryxBasePluginsGui.MacroOutput.MacroOutput
        Numeric Up Down: AlteryxGuiToolkit.Questions.NumericUpDown.NumericUpDown
        Radio Button: AlteryxGuiToolkit.Questions.RadioButtonGroup.RadioButtonGroup
        Tab: AlteryxGuiToolkit.Questions.Tab.Tab
        Text Box: AlteryxGuiToolkit.Questions.TextBox.QuestionTextBox
    """,
    "Documentation": """
        Comment: AlteryxGuiToolkit.TextBox.TextBox
        Explorer Box: AlteryxGuiToolkit.HtmlBox.HtmlBox
        Tool Container: AlteryxGuiToolkit.ToolContainer.ToolContainer
    """,
    "Data Investigation": """
        Association Analysis: Association_Analysis.yxmc
        Basic Data Profile: AlteryxBasePluginsGui.BasicDataProfile.BasicDataProfile
        Distribution Analysis: Distribution_Analysis.yxmc
        Field Summary: Field_Summary_Report.yxmc
        Frequency Table: Frequency_Table.yxmc
        Histogram: Histogram.yxmc
        Pearson Correlation: AlteryxBasePluginsGui.PearsonCorrelation.PearsonCorrelation Pearson_Correlation.yxmc
        Scatterplot: Scatterplot.yxmc
        Spearman Correlation: SpearmanCorrCoeff.yxmc
    """,
    "Predictive": """
        Boosted Model: AlteryxPredictivePluginsGui.BoostedModel.BoostedModel Boosted_Model.yxmc
        Decision Tree: AlteryxPredictivePluginsGui.DecisionTree.DecisionTree
        Forest Model: AlteryxPredictivePluginsGui.ForestModel.ForestModel Forest_Model.yxmc
        K-Centroids: AlteryxPredictivePluginsGui.KCentroids.KCentroids
        Linear Regression: AlteryxPredictivePluginsGui.LinearRegression.LinearRegression Linear_Regression \
            Linear_Regression.yxmc
        Logistic Regression: AlteryxPredictivePluginsGui.LogisticRegression.LogisticRegression
        Naive Bayes: AlteryxPredictivePluginsGui.NaiveBayes.NaiveBayes
        Principal Components: AlteryxPredictivePluginsGui.PrincipalComponents.PrincipalComponents \
            Principal_Components.yxmc
        Score: AlteryxPredictivePluginsGui.ScoreModel.ScoreModel Score.yxmc
        TS ARIMA: ARIMA.yxmc
        TS Forecast: TS_Forecast.yxmc
    """,
    "Machine Learning": """
        AutoML: AutoML
        Fit: Fit
        Predict: Predict
        Regression: Regression
        Start Pipeline: Modeling
        Transformation: Transformation
    """,
    "Connectors": """
        Box Input: box_input_v1.0.3
        Box Output: box_output_v1.0.3
        Download: AlteryxConnectorGui.Download.Download
        MongoDB Input: AlteryxConnectorGui.MongoInput.MongoInput
    """,
    "Calgary": """
        Calgary Input: CalgaryPluginsGui.CalgaryInput.CalgaryInput
        Calgary Join: CalgaryPluginsGui.CalgaryJoin.CalgaryJoin
        Calgary Loader: CalgaryLoadersGui.CalgaryLoader.CalgaryLoader
    """,
    "Developer": """
        Blob Convert: AlteryxBasePluginsGui.BlobConvert.BlobConvert
        Blob Input: AlteryxBasePluginsGui.BlobInput.BlobInput
        Blob Output: AlteryxBasePluginsGui.BlobOutput.BlobOutput
        Block Until Done: AlteryxBasePluginsGui.BlockUntilDone.BlockUntilDone
        Detour: AlteryxBasePluginsGui.Detour.Detour
        Detour End: AlteryxBasePluginsGui.DetourEnd.DetourEnd
        Dynamic Input: AlteryxBasePluginsGui.DynamicInput.DynamicInput
        Dynamic Rename: AlteryxBasePluginsGui.DynamicRename.DynamicRename
        Dynamic Replace: AlteryxBasePluginsGui.DynamicReplace.DynamicReplace
        Dynamic Select: AlteryxBasePluginsGui.DynamicSelect.DynamicSelect
        Field Info: AlteryxBasePluginsGui.FieldInfo.FieldInfo
        JSON Build: AlteryxBasePluginsGui.JSONBuild.JSONBuild
        JSON Parse: AlteryxBasePluginsGui.JSONParse.JSONParse
        Message: AlteryxBasePluginsGui.Message.Message
        Python: JupyterCode
        R: AlteryxRPluginGui.R
        Run Command: AlteryxBasePluginsGui.RunCommand.RunCommand
        Test: AlteryxBasePluginsGui.Test.Test
    """,
}


def _read(lines: str) -> dict[str, tuple[str, ...]]:
    pairs = (line.split(":") for line in lines.strip().splitlines())
    return {name.strip(): tuple(ids.split()) for name, ids in pairs}


CATALOGUE: Mapping[str, Mapping[str, tuple[str, ...]]] = {group: _read(lines) for group, lines in _TOOLS.items()}
"""Plugin ids and names of macro files by the tool's name, by palette group."""

_LISTED = {
    each.lower(): (group, name) for group, tools in CATALOGUE.items() for name, ids in tools.items() for each in ids
}


def palette_name(known_as: str) -> str | None:
    """The palette's name of the tool with this plugin id or macro file name; nothing for one that is not listed.

    >>> palette_name("AlteryxBasePluginsGui.DbFileInput.DbFileInput"), palette_name("cleanse.yxmc")
    ('Input Data', 'Data Cleansing')
    """
    return _LISTED.get(known_as.lower(), (None, None))[1]


def palette_group(known_as: str) -> str | None:
    """The palette's group of that tool.

    >>> palette_group("AlteryxBasePluginsGui.DbFileInput.DbFileInput"), palette_group("Mine")
    ('In/Out', None)
    """
    return _LISTED.get(known_as.lower(), (None, None))[0]
